// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

import io.clarion.lab.android.Lab;
import io.clarion.lab.android.Rtc;
import java.util.List;

public class RtpTransceiver extends Rtc.Owned {
    public enum RtpTransceiverDirection { SEND_RECV, SEND_ONLY, RECV_ONLY, INACTIVE, STOPPED }

    public static final class RtpTransceiverInit {
        private final RtpTransceiverDirection direction;

        public RtpTransceiverInit(RtpTransceiverDirection direction, List<String> streamIds) {
            this.direction = direction;
        }

        @Lab
        public RtpTransceiverDirection direction() {
            return direction;
        }
    }

    private final MediaStreamTrack.MediaType type;
    private final RtpSender sender;
    private final RtpReceiver receiver;
    @Lab
    public RtpTransceiverDirection wanted;
    @Lab
    public RtpTransceiverDirection current;
    /** Made for a track, so that an offer of the peer may take it. */
    @Lab
    public boolean isOfTrack;
    @Lab
    public boolean isAssociated;

    @Lab
    public RtpTransceiver(MediaStreamTrack.MediaType type, RtpTransceiverDirection wanted) {
        super(false);
        this.type = type;
        this.wanted = wanted;
        sender = new RtpSender(type);
        receiver = new RtpReceiver(type);
    }

    public MediaStreamTrack.MediaType getMediaType() {
        uses("getMediaType");
        return type;
    }

    public RtpSender getSender() {
        uses("getSender");
        return sender;
    }

    public RtpReceiver getReceiver() {
        uses("getReceiver");
        return receiver;
    }

    public RtpTransceiverDirection getCurrentDirection() {
        uses("getCurrentDirection");
        return current;
    }

    public boolean setDirection(RtpTransceiverDirection direction) {
        uses("setDirection");
        wanted = direction;
        return true;
    }

    @Lab
    public String kind() {
        return type == MediaStreamTrack.MediaType.MEDIA_TYPE_AUDIO ? "audio" : "video";
    }

    @Override
    public void dispose() {
        super.dispose();
        sender.dispose();
        receiver.dispose();
    }
}
