// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

import io.clarion.lab.android.Lab;
import io.clarion.lab.android.Rtc;

public class MediaStreamTrack extends Rtc.Owned {
    public enum MediaType { MEDIA_TYPE_AUDIO, MEDIA_TYPE_VIDEO }

    private boolean enabled = true;

    @Lab
    protected MediaStreamTrack(boolean isTheApps) {
        super(isTheApps);
    }

    public boolean setEnabled(boolean enable) {
        uses("setEnabled");
        enabled = enable;
        return true;
    }

    public boolean enabled() {
        uses("enabled");
        return enabled;
    }

    @Override
    public void dispose() {
        super.dispose();
    }
}
