// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

import io.clarion.lab.android.Lab;

public class AudioTrack extends MediaStreamTrack {
    @Lab
    public AudioTrack(boolean isTheApps) {
        super(isTheApps);
    }
}
