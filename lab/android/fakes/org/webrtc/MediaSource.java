// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

import io.clarion.lab.android.Lab;
import io.clarion.lab.android.Rtc;

public class MediaSource extends Rtc.Owned {
    @Lab
    protected MediaSource() {
        super(true);
    }

    @Override
    public void dispose() {
        super.dispose();
    }
}
