// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

import android.content.Context;
import io.clarion.lab.android.Rtc;

public class Camera2Enumerator {
    public Camera2Enumerator(Context context) {}

    public String[] getDeviceNames() {
        return Rtc.hasCamera ? new String[] {"back", "front"} : new String[0];
    }

    public boolean isBackFacing(String deviceName) {
        return deviceName.equals("back");
    }

    public CameraVideoCapturer createCapturer(String deviceName, CameraVideoCapturer.CameraEventsHandler eventsHandler) {
        return new Camera(deviceName.equals("back"), eventsHandler);
    }

    private static final class Camera extends Rtc.Owned implements CameraVideoCapturer {
        private final boolean isBack;
        private final CameraEventsHandler events;
        private boolean isReady;
        private boolean runs;

        Camera(boolean isBack, CameraEventsHandler events) {
            super(true);
            this.isBack = isBack;
            this.events = events;
        }

        @Override
        public void initialize(SurfaceTextureHelper helper, Context context, CapturerObserver observer) {
            uses("initialize");
            isReady = helper != null && context != null && observer != null;
        }

        @Override
        public void startCapture(int width, int height, int framerate) {
            uses("startCapture");
            if (!isReady) Rtc.broken("WRTC-08", "a camera that is not initialized");
            if (Rtc.captured != 0) Rtc.broken("WRTC-08", "a second camera");
            runs = true;
            Rtc.captured = isBack ? -width : width;
            Rtc.signal(() -> events.onCameraOpening(isBack ? "back" : "front"));
        }

        @Override
        public void stopCapture() {
            uses("stopCapture");
            if (runs) Rtc.captured = 0;
            runs = false;
        }

        @Override
        public void dispose() {
            if (runs) Rtc.broken("WRTC-08", "the camera was left on");
            super.dispose();
        }
    }
}
