// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

import io.clarion.lab.android.Lab;
import io.clarion.lab.android.Phone;
import io.clarion.lab.android.Rtc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.webrtc.RtpTransceiver.RtpTransceiverDirection;

public class PeerConnection extends Rtc.Owned {
    public enum IceGatheringState { NEW, GATHERING, COMPLETE }

    public enum IceConnectionState { NEW, CHECKING, CONNECTED, COMPLETED, FAILED, DISCONNECTED, CLOSED }

    public enum PeerConnectionState { NEW, CONNECTING, CONNECTED, DISCONNECTED, FAILED, CLOSED }

    public enum SignalingState { STABLE, HAVE_LOCAL_OFFER, HAVE_LOCAL_PRANSWER, HAVE_REMOTE_OFFER, HAVE_REMOTE_PRANSWER, CLOSED }

    public enum BundlePolicy { BALANCED, MAXBUNDLE, MAXCOMPAT }

    public enum ContinualGatheringPolicy { GATHER_ONCE, GATHER_CONTINUALLY }

    public enum SdpSemantics { PLAN_B, UNIFIED_PLAN }

    public interface Observer {
        void onSignalingChange(SignalingState newState);

        void onIceConnectionChange(IceConnectionState newState);

        default void onConnectionChange(PeerConnectionState newState) {}

        void onIceConnectionReceivingChange(boolean receiving);

        void onIceGatheringChange(IceGatheringState newState);

        void onIceCandidate(IceCandidate candidate);

        void onIceCandidatesRemoved(IceCandidate[] candidates);

        void onAddStream(MediaStream stream);

        void onRemoveStream(MediaStream stream);

        void onDataChannel(DataChannel dataChannel);

        void onRenegotiationNeeded();

        default void onAddTrack(RtpReceiver receiver, MediaStream[] mediaStreams) {}

        default void onTrack(RtpTransceiver transceiver) {}
    }

    public static class IceServer {
        public final List<String> urls;

        private IceServer(List<String> urls) {
            this.urls = urls;
        }

        public static Builder builder(String uri) {
            return new Builder(List.of(uri));
        }

        public static class Builder {
            private final List<String> urls;

            private Builder(List<String> urls) {
                this.urls = urls;
            }

            public IceServer createIceServer() {
                return new IceServer(urls);
            }
        }
    }

    public static class RTCConfiguration {
        public List<IceServer> iceServers;
        public BundlePolicy bundlePolicy = BundlePolicy.BALANCED;
        public ContinualGatheringPolicy continualGatheringPolicy = ContinualGatheringPolicy.GATHER_ONCE;
        public SdpSemantics sdpSemantics = SdpSemantics.UNIFIED_PLAN;

        public RTCConfiguration(List<IceServer> iceServers) {
            this.iceServers = iceServers;
        }
    }

    private static int sessions;
    private final Observer observer;
    private final int session = ++sessions;
    private final List<RtpTransceiver> transceivers = new ArrayList<>();
    private SignalingState state = SignalingState.STABLE;
    private SessionDescription made;
    private SessionDescription remote;
    private SessionDescription stableRemote;
    private int version;
    private int ufrag;
    private boolean isClosed;
    @Lab
    public final List<IceServer> servers;
    @Lab
    public final List<IceCandidate> candidates = new ArrayList<>();
    /** type -> members of the next report. */
    @Lab
    public Map<String, Map<String, Object>> statistics = Map.of();

    PeerConnection(RTCConfiguration configuration, Observer observer) {
        super(true);
        this.observer = observer;
        servers = configuration.iceServers;
        Rtc.peers.add(this);
    }

    private void open(String what) {
        uses(what);
        if (isClosed) Rtc.broken("WRTC-02", what + " after close");
    }

    private void wrongState(String what) {
        Rtc.broken("WRTC-01", what + " in " + state);
    }

    /** What the native half calls; nothing after its end. */
    private void tell(Runnable what) {
        Rtc.signal(() -> {
            if (!isGone()) what.run();
        });
    }

    // ---- what an app calls ----

    public SessionDescription getRemoteDescription() {
        open("getRemoteDescription");
        return remote;
    }

    public SignalingState signalingState() {
        open("signalingState");
        return state;
    }

    public RtpSender addTrack(MediaStreamTrack track, List<String> streamIds) {
        open("addTrack");
        RtpTransceiver added = add(
                track instanceof AudioTrack ? MediaStreamTrack.MediaType.MEDIA_TYPE_AUDIO : MediaStreamTrack.MediaType.MEDIA_TYPE_VIDEO,
                RtpTransceiverDirection.SEND_RECV);
        added.isOfTrack = true;
        added.getSender().setTrack(track, false);
        return added.getSender();
    }

    public RtpTransceiver addTransceiver(MediaStreamTrack.MediaType mediaType, RtpTransceiver.RtpTransceiverInit init) {
        open("addTransceiver");
        return add(mediaType, init.direction());
    }

    public void createOffer(SdpObserver observer, MediaConstraints constraints) {
        open("createOffer");
        if (constraints.mandatory.stream().anyMatch(it -> it.getKey().equals("IceRestart") && it.getValue().equals("true"))) ufrag += 1;
        make(SessionDescription.Type.OFFER, observer);
    }

    public void createAnswer(SdpObserver observer, MediaConstraints constraints) {
        open("createAnswer");
        if (state != SignalingState.HAVE_REMOTE_OFFER) wrongState("createAnswer");
        make(SessionDescription.Type.ANSWER, observer);
    }

    public void setLocalDescription(SdpObserver observer, SessionDescription sdp) {
        open("setLocalDescription");
        boolean isAnswer = sdp.type == SessionDescription.Type.ANSWER;
        String fault = null;
        if (sdp.type == SessionDescription.Type.ROLLBACK) {
            if (state != SignalingState.HAVE_LOCAL_OFFER) wrongState("a rollback");
            change(SignalingState.STABLE);
        } else if (state != (isAnswer ? SignalingState.HAVE_REMOTE_OFFER : SignalingState.STABLE)) {
            wrongState("setLocalDescription");
            fault = "Called in wrong state";
        } else if (made == null || !made.description.equals(sdp.description)) {
            Rtc.broken("WRTC-05", "another description than was made");
            fault = "not what was made";
        } else {
            change(isAnswer ? SignalingState.STABLE : SignalingState.HAVE_LOCAL_OFFER);
            transceivers.forEach(it -> it.isAssociated = true);
            if (isAnswer) agree(remote.description);
            if (Rtc.wire == null) found("candidate:" + session + " own"); // Before the success is told.
        }
        end(observer, fault);
    }

    public void setRemoteDescription(SdpObserver observer, SessionDescription sdp) {
        open("setRemoteDescription");
        List<String[]> sections = sections(sdp.description);
        String fault = null;
        if (sdp.type == SessionDescription.Type.ROLLBACK) {
            if (state != SignalingState.HAVE_REMOTE_OFFER) wrongState("a rollback");
            remote = stableRemote;
            change(SignalingState.STABLE);
        } else if (sdp.type == SessionDescription.Type.OFFER) {
            if (state != SignalingState.STABLE) wrongState("an offer");
            if (sections.isEmpty()) {
                fault = "Failed to parse SessionDescription";
            } else {
                takeOffer(sdp, sections);
            }
        } else if (state != SignalingState.HAVE_LOCAL_OFFER) {
            wrongState("an answer");
            fault = "Called in wrong state";
        } else if (sections.size() != transceivers.size()) {
            fault = "The order of m-lines in answer doesn't match order in offer";
        } else {
            remote = sdp;
            change(SignalingState.STABLE);
            for (int i = 0; i < sections.size(); ++i) received(transceivers.get(i), sections.get(i)[1]);
            agree(sdp.description);
            if (Rtc.wire != null) Rtc.wire.answered(this, sdp.description);
        }
        end(observer, fault);
    }

    public boolean addIceCandidate(IceCandidate candidate) {
        open("addIceCandidate");
        if (remote == null) {
            Rtc.broken("WRTC-03", "the remote description was null");
            return false;
        }
        if (Rtc.wire != null) Rtc.wire.candidate(this, candidate);
        return candidates.add(candidate);
    }

    public List<RtpTransceiver> getTransceivers() {
        open("getTransceivers");
        Rtc.broken("WRTC-02", "getTransceivers() disposes of those that were given out before");
        return List.copyOf(transceivers);
    }

    public void getStats(RTCStatsCollectorCallback callback) {
        open("getStats");
        Map<String, RTCStats> all = new TreeMap<>();
        statistics.forEach((type, members) -> all.put(type, new RTCStats(0, type.replaceAll("#.*", ""), type, members)));
        RTCStatsReport report = new RTCStatsReport(Phone.current().elapsed() * 1_000, all);
        tell(() -> callback.onStatsDelivered(report));
    }

    public void setAudioPlayout(boolean playout) {
        open("setAudioPlayout");
        Rtc.playout = playout;
    }

    public void setAudioRecording(boolean recording) {
        open("setAudioRecording");
        Rtc.recording = recording;
    }

    public void close() {
        uses("close");
        if (Rtc.wire != null) Rtc.wire.closed(this);
        isClosed = true;
        state = SignalingState.CLOSED;
    }

    @Override
    public void dispose() {
        super.dispose();
        isClosed = true;
        transceivers.forEach(RtpTransceiver::dispose);
        Rtc.peers.remove(this);
    }

    // ---- how it does it ----

    private RtpTransceiver add(MediaStreamTrack.MediaType type, RtpTransceiverDirection direction) {
        RtpTransceiver added = new RtpTransceiver(type, direction);
        transceivers.add(added);
        return added;
    }

    private void make(SessionDescription.Type type, SdpObserver to) {
        StringBuilder text = new StringBuilder("v=0\r\no=- %d %d IN IP4 127.0.0.1\r\ns=-\r\na=ice-ufrag:u%d\r\n".formatted(session, ++version, ufrag));
        transceivers.forEach(it -> text.append(section(it.kind(), word(it.wanted))));
        if (Rtc.wire == null) {
            made(type, text.toString(), to);
        } else {
            String offer = type == SessionDescription.Type.ANSWER ? remote.description : null;
            Rtc.wire.describe(this, offer, real -> made(type, real, to));
        }
    }

    private void made(SessionDescription.Type type, String text, SdpObserver to) {
        SessionDescription result = new SessionDescription(type, text);
        boolean isRefused = Rtc.refuses || text == null;
        Rtc.refuses = false;
        if (!isRefused) made = result;
        Rtc.made(() -> {
            if (isGone()) return;
            if (isRefused) {
                to.onCreateFailure("refused by the lab");
            } else {
                to.onCreateSuccess(result);
            }
        });
    }

    private void end(SdpObserver to, String fault) {
        tell(() -> {
            if (fault == null) {
                to.onSetSuccess();
            } else {
                to.onSetFailure(fault);
            }
        });
    }

    private void change(SignalingState next) {
        state = next;
        tell(() -> observer.onSignalingChange(next));
    }

    private void takeOffer(SessionDescription sdp, List<String[]> sections) {
        remote = sdp;
        for (int i = 0; i < sections.size(); ++i) {
            boolean isAudio = sections.get(i)[0].equals("audio");
            if (i >= transceivers.size()) {
                add(isAudio ? MediaStreamTrack.MediaType.MEDIA_TYPE_AUDIO : MediaStreamTrack.MediaType.MEDIA_TYPE_VIDEO,
                        RtpTransceiverDirection.RECV_ONLY);
            }
            RtpTransceiver taken = transceivers.get(i);
            if (!taken.isAssociated && !taken.isOfTrack && i > 0 && taken.wanted == RtpTransceiverDirection.SEND_RECV) {
                Rtc.broken("WRTC-01", "a transceiver of the app's own would not be taken by an offer");
            }
            taken.isAssociated = true;
            received(taken, sections.get(i)[1]);
        }
        change(SignalingState.HAVE_REMOTE_OFFER);
    }

    /** The peer begins to send. */
    private void received(RtpTransceiver taken, String direction) {
        boolean sends = direction.startsWith("send");
        boolean sent = taken.current == RtpTransceiverDirection.SEND_RECV || taken.current == RtpTransceiverDirection.RECV_ONLY;
        if (sends && !sent) tell(() -> observer.onTrack(taken));
    }

    private void agree(String text) {
        List<String[]> sections = sections(text);
        for (int i = 0; i < sections.size() && i < transceivers.size(); ++i) {
            RtpTransceiver one = transceivers.get(i);
            String theirs = sections.get(i)[1];
            String own = word(one.wanted);
            boolean sends = theirs.endsWith("recv") || theirs.equals("recvonly");
            sends = sends && own.startsWith("send");
            boolean receives = theirs.startsWith("send") && (own.equals("sendrecv") || own.equals("recvonly"));
            one.current = sends && receives ? RtpTransceiverDirection.SEND_RECV
                    : sends ? RtpTransceiverDirection.SEND_ONLY
                    : receives ? RtpTransceiverDirection.RECV_ONLY : RtpTransceiverDirection.INACTIVE;
        }
        stableRemote = remote;
    }

    private static String word(RtpTransceiverDirection direction) {
        return direction == RtpTransceiverDirection.STOPPED ? "inactive" : direction.name().toLowerCase().replace("_", "");
    }

    private static String section(String kind, String direction) {
        return "m=" + kind + " 9 UDP/TLS/RTP/SAVPF 111\r\na=" + direction + "\r\n";
    }

    private static List<String[]> sections(String text) {
        List<String[]> found = new ArrayList<>();
        for (String line : text.split("\r\n")) {
            if (line.startsWith("m=")) found.add(new String[] {line.substring(2, 7), "sendrecv"});
            if (!found.isEmpty() && line.matches("a=(send|recv|inactive).*")) found.get(found.size() - 1)[1] = line.substring(2);
        }
        return found;
    }

    // ---- the lab ----

    /** A description as the other end writes it. `session`: of its connection. */
    @Lab
    public static String described(int session, boolean hasVideo, String ufrag) {
        return "v=0\r\no=- %d 1 IN IP4 127.0.0.1\r\ns=-\r\na=ice-ufrag:%s\r\n".formatted(session, ufrag)
                + section("audio", "sendrecv") + (hasVideo ? section("video", "sendrecv") : "");
    }

    @Lab
    public void found(String candidate) {
        found(new IceCandidate("0", 0, candidate));
    }

    @Lab
    public void found(IceCandidate candidate) {
        tell(() -> observer.onIceCandidate(candidate));
    }

    @Lab
    public void changes(PeerConnectionState next) {
        tell(() -> observer.onConnectionChange(next));
    }

    @Lab
    public boolean sends() {
        return !isClosed && Rtc.recording && flows(0, "SEND") && transceivers.get(0).getSender().sends();
    }

    @Lab
    public boolean sendsVoice() {
        return sends() && transceivers.get(0).getSender().sendsTrack();
    }

    @Lab
    public boolean plays() {
        return !isClosed && Rtc.playout && flows(0, "RECV") && transceivers.get(0).getReceiver().track().enabled();
    }

    @Lab
    public boolean sendsPictures() {
        return !isClosed && Rtc.captured != 0 && flows(1, "SEND") && transceivers.get(1).getSender().sendsTrack();
    }

    private boolean flows(int index, String way) {
        return index < transceivers.size() && transceivers.get(index).current != null
                && transceivers.get(index).current.name().contains(way);
    }
}
