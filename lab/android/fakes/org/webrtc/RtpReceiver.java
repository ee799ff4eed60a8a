// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

import io.clarion.lab.android.Lab;
import io.clarion.lab.android.Rtc;

public class RtpReceiver extends Rtc.Owned {
    private final MediaStreamTrack track;

    @Lab
    public RtpReceiver(MediaStreamTrack.MediaType type) {
        super(false);
        track = type == MediaStreamTrack.MediaType.MEDIA_TYPE_AUDIO ? new AudioTrack(false) : new VideoTrack(false);
    }

    public MediaStreamTrack track() {
        uses("track");
        return track;
    }

    @Override
    public void dispose() {
        super.dispose();
        if (track instanceof VideoTrack video && !video.sinks.isEmpty()) {
            Rtc.broken("WRTC-02", "pictures that are drawn are disposed of");
        }
        track.dispose();
    }
}
