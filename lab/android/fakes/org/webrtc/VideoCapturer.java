// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

import android.content.Context;

public interface VideoCapturer {
    void initialize(SurfaceTextureHelper surfaceTextureHelper, Context applicationContext, CapturerObserver capturerObserver);

    void startCapture(int width, int height, int framerate);

    void stopCapture() throws InterruptedException;

    void dispose();
}
