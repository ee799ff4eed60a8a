// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

public interface CameraVideoCapturer extends VideoCapturer {
    interface CameraEventsHandler {
        void onCameraError(String errorDescription);

        void onCameraDisconnected();

        void onCameraFreezed(String errorDescription);

        void onCameraOpening(String cameraName);

        void onFirstFrameAvailable();

        void onCameraClosed();
    }
}
