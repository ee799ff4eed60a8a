// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

import io.clarion.lab.android.Rtc;

public class SurfaceTextureHelper extends Rtc.Owned {
    private SurfaceTextureHelper() {
        super(true);
    }

    public static SurfaceTextureHelper create(String threadName, EglBase.Context sharedContext) {
        Rtc.enters("SurfaceTextureHelper.create");
        return new SurfaceTextureHelper();
    }

    @Override
    public void dispose() {
        super.dispose();
        if (Rtc.captured != 0) Rtc.broken("WRTC-08", "the camera draws on a texture that is gone");
    }
}
