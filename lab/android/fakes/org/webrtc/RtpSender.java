// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

import io.clarion.lab.android.Lab;
import io.clarion.lab.android.Rtc;

public class RtpSender extends Rtc.Owned {
    private final MediaStreamTrack.MediaType type;
    private MediaStreamTrack track;
    private boolean active = true;
    private int transactions;

    @Lab
    public RtpSender(MediaStreamTrack.MediaType type) {
        super(false);
        this.type = type;
    }

    public boolean setTrack(MediaStreamTrack track, boolean takeOwnership) {
        uses("setTrack");
        Class<?> kind = type == MediaStreamTrack.MediaType.MEDIA_TYPE_AUDIO ? AudioTrack.class : VideoTrack.class;
        if (track != null && !kind.isInstance(track)) Rtc.broken("WRTC-01", "a track of another kind");
        if (takeOwnership) Rtc.broken("WRTC-09", "the track has two owners");
        this.track = track;
        return true;
    }

    public MediaStreamTrack track() {
        uses("track");
        return track;
    }

    public RtpParameters getParameters() {
        uses("getParameters");
        RtpParameters parameters = new RtpParameters();
        RtpParameters.Encoding encoding = new RtpParameters.Encoding();
        encoding.active = active;
        parameters.encodings.add(encoding);
        parameters.transaction = ++transactions;
        return parameters;
    }

    public boolean setParameters(RtpParameters parameters) {
        uses("setParameters");
        if (parameters.transaction != transactions || parameters.encodings.size() != 1) {
            Rtc.broken("WRTC-06", "parameters that are not the last ones");
            return false;
        }
        active = parameters.encodings.get(0).active;
        return true;
    }

    @Lab
    public boolean sends() {
        return active;
    }

    @Lab
    public boolean sendsTrack() {
        return active && track != null && track.enabled();
    }
}
