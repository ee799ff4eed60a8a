// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.json.JSONException;
import org.json.JSONObject;
import org.webrtc.IceCandidate;
import org.webrtc.PeerConnection;
import org.webrtc.PeerConnection.PeerConnectionState;

/**
 * Real voice behind the lab's org.webrtc: a program beside this process (voice.cpp), which is started with the first
 * description and ends with this process, whose pipe it reads. It speaks the media commands of docs/engine.md; what the app
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
        boolean isHeld;
        boolean isMuted;
        boolean isPeerSilenced;

        Leg(PeerConnection peer) {
            this.peer = peer;
        }
    }

    private final ShellProcess process;
    private final Map<PeerConnection, Leg> legs = new LinkedHashMap<>();
    private OutputStream commands;

    Voice(ShellProcess process) {
        this.process = process;
    }

    // ---- what the app says ----

    @Override
    public void describe(PeerConnection peer, String offer, Consumer<String> made) {
        Leg leg = legs.computeIfAbsent(peer, Leg::new);
        leg.made = made;
        leg.revision += 1;
        JSONObject command = command(leg, offer == null ? "prepare_offer" : "prepare_answer", "media", "audio", "revision", leg.revision,
                "purpose", leg.revision == 0 ? "media" : "ice_restart");
        say(offer == null ? command : with(command, "offer", offer));
    }

    @Override
    public void answered(PeerConnection peer, String answer) {
        Leg leg = legs.get(peer);
        say(command(leg, "apply_answer", "sdp", answer, "revision", leg.revision));
    }

    @Override
    public void candidate(PeerConnection peer, IceCandidate candidate) {
        Leg leg = legs.get(peer);
        if (leg == null) return;
        say(command(leg, "add_candidate", "candidate", candidate.sdp, "mid", candidate.sdpMid, "line", candidate.sdpMLineIndex));
    }

    @Override
    public void closed(PeerConnection peer) {
        Leg leg = legs.remove(peer);
        if (leg != null) say(command(leg, "close_media"));
    }

    /** After each turn of the app: what flows now, by its tracks, encodings and devices. */
    void settle() {
        for (Leg leg : List.copyOf(legs.values())) {
            boolean sends = leg.peer.sends();
            if (sends && !leg.isOpen) say(command(leg, "open_audio", "microphone", true));
            leg.isOpen |= sends;
            if (!leg.isOpen) continue;
            leg.isHeld = change(leg, "set_held", leg.isHeld, !sends);
            if (!sends) continue;
            leg.isMuted = change(leg, "set_muted", leg.isMuted, !leg.peer.sendsVoice());
            leg.isPeerSilenced = change(leg, "set_peer_silenced", leg.isPeerSilenced, !leg.peer.plays());
        }
    }

    private boolean change(Leg leg, String type, boolean was, boolean is) {
        if (was != is) say(command(leg, type, "on", is));
        return is;
    }

    // ---- what the program says ----

    private void take(JSONObject fact) {
        Leg leg = legs.values().stream().filter(it -> it.id.equals(fact.optString("call_id"))).findFirst().orElse(null);
        if (leg == null) return;
        switch (fact.optString("type")) {
            case "offer_prepared", "answer_prepared" -> leg.made.accept(fact.optString("sdp"));
            case "negotiation_failed" -> leg.made.accept(null);
            case "media_failed" -> {
                leg.made.accept(null);
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

    // ---- the program ----

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

    private void say(JSONObject command) {
        try {
            if (commands == null) commands = start();
            commands.write((command + "\n").getBytes(StandardCharsets.UTF_8));
            commands.flush();
        } catch (IOException gone) {
            Phone.current().log("no voice: " + gone);
        }
    }

    private OutputStream start() throws IOException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("clarion.voice")));
        command.addAll(process.voice);
        Process child = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        ShellProcess.thread("voice", () -> ShellProcess.forEachLine(child.getInputStream(), this::read));
        return child.getOutputStream();
    }

    private void read(String line) {
        try {
            JSONObject fact = new JSONObject(line);
            process.enter(() -> take(fact));
        } catch (JSONException broken) {
            System.err.println("voice: " + line);
        }
    }
}
