// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import io.clarion.android.webrtc.Worker;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import kotlin.Unit;
import kotlin.jvm.functions.Function0;
import org.json.JSONException;
import org.json.JSONObject;
import org.webrtc.IceCandidate;
import org.webrtc.PeerConnection;
import org.webrtc.PeerConnection.PeerConnectionState;

/**
 * Real voice behind the lab's org.webrtc, made by a program that speaks the media commands of docs/engine.md: what the app
 * says to org.webrtc becomes those again. What is sent and heard is read off the connection after each turn of the app.
 * Thread: with the phone's lock.
 */
final class Voice implements Rtc.Wire {
    private static final class Leg {
        final String id = UUID.randomUUID().toString();
        final PeerConnection peer;
        Consumer<String> made;
        int revision = -1;
        boolean isOpen;
        boolean isMuted;
        boolean isPeerSilenced;

        Leg(PeerConnection peer) {
            this.peer = peer;
        }

        /** Once for each time that it was asked for. */
        void describe(String sdp) {
            Consumer<String> asked = made;
            made = null;
            if (asked != null) asked.accept(sdp);
        }
    }

    private final Map<PeerConnection, Leg> legs = new LinkedHashMap<>();
    private final Consumer<JSONObject> program;

    /** `start` gets where the program's facts go, with the phone's lock, and gives where its commands go. */
    Voice(UnaryOperator<Consumer<JSONObject>> start) {
        program = start.apply(this::take);
    }

    /** Where the port works. All is posted with the phone's lock, or while its holder waits for a thread of WebRTC's. */
    Worker turns() {
        Phone.Process process = Phone.here();
        return new Worker() {
            @Override
            public void post(Function0<Unit> work) {
                postAfter(0, work);
            }

            @Override
            public void postAfter(long milliseconds, Function0<Unit> work) {
                process.post(() -> {
                    work.invoke();
                    settle();
                }, milliseconds);
            }
        };
    }

    // ---- what the app says ----

    @Override
    public void describe(PeerConnection peer, String offer, Consumer<String> made) {
        Leg leg = legs.computeIfAbsent(peer, Leg::new);
        leg.made = made;
        leg.revision += 1;
        JSONObject command = command(leg, offer == null ? "prepare_offer" : "prepare_answer", "media", "audio",
                "revision", leg.revision, "purpose", leg.revision == 0 ? "media" : "ice_restart");
        program.accept(offer == null ? command : with(command, "offer", offer));
    }

    @Override
    public void answered(PeerConnection peer, String answer) {
        Leg leg = legs.get(peer);
        program.accept(command(leg, "apply_answer", "sdp", answer, "revision", leg.revision));
    }

    @Override
    public void candidate(PeerConnection peer, IceCandidate candidate) {
        Leg leg = legs.get(peer);
        if (leg == null) return;
        program.accept(command(leg, "add_candidate", "candidate", candidate.sdp, "mid", candidate.sdpMid,
                "line", candidate.sdpMLineIndex));
    }

    @Override
    public void closed(PeerConnection peer) {
        Leg leg = legs.remove(peer);
        if (leg != null) program.accept(command(leg, "close_media"));
    }

    /**
     * What flows now, by tracks, encodings and devices. A source that nothing captures stands still: who holds a call and
     * comes back goes on where the words ended.
     */
    private void settle() {
        for (Leg leg : List.copyOf(legs.values())) {
            boolean sends = leg.peer.sends();
            leg.isPeerSilenced = change(leg, "set_peer_silenced", leg.isPeerSilenced, !leg.peer.plays());
            if (sends) leg.isMuted = change(leg, "set_muted", leg.isMuted, !leg.peer.sendsVoice());
            if (sends && !leg.isOpen) program.accept(command(leg, "open_audio", "microphone", true));
            if (!sends && leg.isOpen) program.accept(command(leg, "close_audio"));
            leg.isOpen = sends;
        }
    }

    private boolean change(Leg leg, String type, boolean was, boolean is) {
        if (was != is) program.accept(command(leg, type, "on", is));
        return is;
    }

    // ---- what the program says ----

    private void take(JSONObject fact) {
        Leg leg = legs.values().stream().filter(it -> it.id.equals(fact.optString("call_id"))).findFirst().orElse(null);
        if (leg == null) return;
        switch (fact.optString("type")) {
            case "offer_prepared", "answer_prepared" -> leg.describe(fact.optString("sdp"));
            case "negotiation_failed" -> leg.describe(null);
            case "media_failed" -> {
                leg.describe(null);
                leg.peer.changes(PeerConnectionState.FAILED);
            }
            case "candidate_found" ->
                    leg.peer.found(new IceCandidate(fact.optString("mid"), fact.optInt("line"), fact.optString("candidate")));
            case "media_connected" -> leg.peer.changes(PeerConnectionState.CONNECTED);
            case "media_lost" -> leg.peer.changes(PeerConnectionState.DISCONNECTED);
            case "first_audio_heard" -> leg.peer.statistics = hears(1);
            case "statistics_measured" -> leg.peer.statistics = hears(fact.optJSONObject("statistics").optInt("peer_level"));
            default -> { }
        }
    }

    /** A report of a connection whose peer is so loud, of 100. */
    private static Map<String, Map<String, Object>> hears(int level) {
        return Map.of("inbound-rtp", Map.of("kind", "audio", "audioLevel", level / 100.0));
    }

    private static JSONObject command(Leg leg, String type, Object... members) {
        JSONObject made = with(with(new JSONObject(), "type", type), "call_id", leg.id);
        for (int i = 0; i < members.length; i += 2) with(made, (String) members[i], members[i + 1]);
        return made;
    }

    private static JSONObject with(JSONObject json, String name, Object value) {
        try {
            return json.put(name, value);
        } catch (JSONException broken) {
            throw new IllegalArgumentException(broken);
        }
    }
}
