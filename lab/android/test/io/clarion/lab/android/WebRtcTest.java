// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import android.content.Context;
import io.clarion.android.Link;
import io.clarion.android.Media;
import io.clarion.android.Parts;
import io.clarion.android.webrtc.Video;
import io.clarion.android.webrtc.WebRtc;
import io.clarion.android.webrtc.WebRtcMedia;
import io.clarion.android.webrtc.WebRtcParts;
import io.clarion.android.webrtc.Worker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import kotlin.Unit;
import kotlin.jvm.functions.Function0;
import kotlin.jvm.functions.Function1;
import org.json.JSONObject;
import org.junit.Before;
import org.junit.Test;
import org.webrtc.PeerConnection;
import org.webrtc.PeerConnection.PeerConnectionState;
import org.webrtc.PeerConnection.SignalingState;
import org.webrtc.VideoSink;
import org.webrtc.VideoTrack;

/** The media over org.webrtc, under the real shell, over a WebRTC that keeps its rules. */
public final class WebRtcTest extends PhoneTest {
    private final Pictures pictures = new Pictures();

    /** The port with a thread that is the phone's time, and with what it told. */
    public static final class TheParts implements Parts {
        static final List<JSONObject> told = new ArrayList<>();
        static List<PeerConnection.IceServer> servers = List.of();
        static Media media;
        static Video video;

        @Override
        public Media media(Context context, Function1<? super JSONObject, Unit> facts) {
            Function1<JSONObject, Unit> watched = fact -> {
                Rtc.enters("the engine's monitor"); // It may wait there, for a thread that waits for this one.
                told.add(fact);
                return facts.invoke(fact);
            };
            WebRtc.INSTANCE.setVideo(video); // An app's is set where its process begins.
            media = new WebRtcMedia(context, watched, new PhonesTime(), () -> servers);
            return media;
        }

        @Override
        public Link link(Context context, String url, Link.Listener listener) {
            return TestParts.server.link(listener);
        }
    }

    private static final class PhonesTime implements Worker {
        private final Phone.Process process = Phone.here();

        @Override
        public void post(Function0<Unit> work) {
            process.post(work::invoke, 0);
        }

        @Override
        public void postAfter(long milliseconds, Function0<Unit> work) {
            process.post(work::invoke, milliseconds);
        }
    }

    /** What an app draws, as it has to: its renderer leaves a track before that goes. */
    private static final class Pictures implements Video {
        private final VideoSink renderer = new VideoSink() {};
        VideoTrack own;
        VideoTrack peer;
        String fault;
        int screenStops;

        private VideoTrack draw(VideoTrack before, VideoTrack track) {
            if (before != null) before.removeSink(renderer);
            if (track != null) track.addSink(renderer);
            return track;
        }

        @Override
        public void showsPeer(String call, VideoTrack track) {
            peer = draw(peer, track);
        }

        @Override
        public void showsOwn(String call, VideoTrack track) {
            own = draw(own, track);
        }

        @Override
        public void cameraFailed(String call, String why) {
            fault = why;
        }

        @Override
        public void stopsScreenShare(String call) {
            screenStops += 1;
        }
    }

    @Override
    Class<?> parts() {
        return TheParts.class;
    }

    @Before
    public void beginOverWebRtc() throws IOException {
        Rtc.reset();
        TheParts.told.clear();
        TheParts.servers = List.of();
        TheParts.video = pictures;
        server.offer = described(1, false);
    }

    private static String described(int session, boolean hasVideo) {
        return PeerConnection.described(session, hasVideo, "peer");
    }

    /** The connection that was made last. */
    private static PeerConnection peer() {
        return Rtc.peers.get(Rtc.peers.size() - 1);
    }

    private void changes(PeerConnectionState state) {
        phone.run(() -> peer().changes(state));
        phone.advance(100);
    }

    private void connect() {
        changes(PeerConnectionState.CONNECTED);
    }

    private void talk() {
        ring();
        accept();
        connect();
    }

    /** A command of the engine, past the engine. */
    private void perform(String type, Object... members) {
        JSONObject command = ScriptedServer.json("type", type, "call_id", CALL);
        try {
            for (int i = 0; i < members.length; i += 2) command.put((String) members[i], members[i + 1]);
        } catch (org.json.JSONException impossible) {
            throw new AssertionError(impossible);
        }
        phone.run(() -> TheParts.media.perform(type, command));
        phone.advance(100);
    }

    private void offer(int revision, String purpose, String media) {
        perform("prepare_offer", "revision", revision, "purpose", purpose, "media", media);
    }

    private void answer(int revision, String purpose, String media, String offer) {
        perform("prepare_answer", "revision", revision, "purpose", purpose, "media", media, "offer", offer);
    }

    private static long told(String type) {
        return TheParts.told.stream().filter(it -> it.optString("type").equals(type)).count();
    }

    private static JSONObject last(String type) {
        return TheParts.told.stream().filter(it -> it.optString("type").equals(type)).reduce((a, b) -> b).orElseThrow();
    }

    // ---- a call ----

    @Test
    public void aCallIsPreparedWhileItRingsAndHeardOnlyWhenItIsTalked() {
        ring();
        assertEquals(1, told("answer_prepared"));
        assertFalse("the microphone while it rings", Rtc.recording);
        assertFalse(Rtc.playout);
        accept();
        connect();
        assertEquals("connected", calls().get(0).optString("state"));
        assertTrue(peer().sendsVoice());
        assertTrue(peer().plays());
        phone.tap(phone.shade.ongoing().notification.callStyle.decline);
        phone.advance(500);
        assertEquals("normal", server.state(CALL));
        assertEquals("everything was given back", List.of(), Rtc.left());
    }

    @Test
    public void aPlacedOfferTakesItsAnswerOnce() {
        talk();
        perform("prepare_offer", "call_id", OTHER, "revision", 0, "purpose", "media", "media", "audio");
        assertEquals(OTHER, last("offer_prepared").optString("call_id"));
        perform("apply_answer", "call_id", OTHER, "revision", 0, "sdp", described(2, false));
        perform("apply_answer", "call_id", OTHER, "revision", 0, "sdp", described(3, false));
        assertTrue("a second answer is ignored", peer().getRemoteDescription().description.contains("o=- 2 "));
        perform("close_media", "call_id", OTHER);
        assertEquals(1, Rtc.peers.size());
    }

    @Test
    public void theAppsIceServersAreAskedForEachConnection() {
        talk();
        assertTrue(peer().servers.isEmpty());
        TheParts.servers = List.of(PeerConnection.IceServer.builder("turn:turn.example.test").createIceServer());
        perform("prepare_offer", "call_id", OTHER, "revision", 0, "purpose", "media", "media", "audio");
        assertEquals(1, peer().servers.size());
        assertTrue("what the app names gives none by itself", new WebRtcParts().iceServers().isEmpty());
    }

    // ---- voice ----

    @Test
    public void aHeldCallNeitherSendsNorPlaysNorCaptures() {
        talk();
        perform("set_held", "on", true);
        assertFalse(peer().sends());
        assertFalse(peer().plays());
        assertFalse(Rtc.recording);
        perform("set_held", "on", false);
        assertTrue(peer().sendsVoice());
        assertTrue(peer().plays());
        perform("close_audio");
        assertFalse(Rtc.recording);
    }

    @Test
    public void muteSilenceAndALostMicrophoneAreThreeThings() {
        talk();
        perform("set_muted", "on", true);
        assertTrue(peer().sends());
        assertFalse(peer().sendsVoice());
        assertTrue(peer().plays());
        perform("set_muted", "on", false);
        perform("set_peer_silenced", "on", true);
        assertTrue(peer().sendsVoice());
        assertFalse(peer().plays());
        perform("set_peer_silenced", "on", false);
        perform("set_microphone", "on", false);
        assertFalse(peer().sendsVoice());
        assertTrue(peer().plays());
    }

    // ---- candidates ----

    @Test
    public void candidatesOfThePeerWaitForItsDescription() {
        talk();
        perform("prepare_offer", "call_id", OTHER, "revision", 0, "purpose", "media", "media", "audio");
        perform("add_candidate", "call_id", OTHER, "candidate", "candidate:1", "mid", "0", "line", 0);
        assertTrue(peer().candidates.isEmpty());
        perform("apply_answer", "call_id", OTHER, "revision", 0, "sdp", described(2, false));
        assertEquals("candidate:1", peer().candidates.get(0).sdp);
    }

    @Test
    public void ownCandidatesComeAfterTheirDescription() {
        talk();
        TheParts.told.clear();
        offer(1, "ice_restart", "audio");
        assertEquals(List.of("offer_prepared", "candidate_found"), TheParts.told.stream().map(it -> it.optString("type")).toList());
    }

    // ---- ways ----

    @Test
    public void aWayThatIsLostAndFoundIsToldOnce() {
        talk();
        changes(PeerConnectionState.DISCONNECTED);
        changes(PeerConnectionState.FAILED);
        assertEquals(1, told("media_lost"));
        connect();
        assertEquals(2, told("media_connected"));
    }

    @Test
    public void aCalleesWayThatWaitsForItsCallerDoesNotFail() {
        ring();
        changes(PeerConnectionState.FAILED);
        assertEquals(0, told("media_failed") + told("media_lost"));
        accept();
        connect();
        assertEquals("connected", calls().get(0).optString("state"));
    }

    @Test
    public void anIceRestartKeepsTheConnection() {
        talk();
        PeerConnection before = peer();
        offer(1, "ice_restart", "audio");
        assertTrue(last("offer_prepared").optString("sdp").contains("ice-ufrag:u1"));
        perform("apply_answer", "revision", 1, "sdp", PeerConnection.described(1, false, "again"));
        answer(2, "ice_restart", "audio", PeerConnection.described(1, false, "more"));
        assertSame(before, peer());
        assertEquals(2, last("answer_prepared").optInt("revision"));
    }

    @Test
    public void aPeerThatMadeAnewConnectionGetsOneThatTakesOverWhenItIsUp() {
        talk();
        perform("set_muted", "on", true);
        PeerConnection before = peer();
        answer(2, "ice_restart", "audio", described(9, false));
        PeerConnection next = peer();
        assertNotSame(before, next);
        assertTrue("goes on until then", before.plays());
        assertFalse(next.plays());
        connect();
        assertEquals(1, Rtc.peers.size());
        assertTrue(next.plays());
        assertTrue(next.sends());
        assertFalse("muted as before", next.sendsVoice());
    }

    @Test
    public void aTransferThatIsDroppedOrFailsLeavesTheCallAsItWas() {
        talk();
        PeerConnection before = peer();
        offer(1, "transfer", "audio");
        assertEquals(2, Rtc.peers.size());
        perform("drop_offer", "revision", 1);
        assertEquals(1, Rtc.peers.size());
        offer(3, "transfer", "audio");
        changes(PeerConnectionState.FAILED);
        assertEquals(3, last("negotiation_failed").optInt("revision"));
        assertSame(before, peer());
        assertTrue(before.sendsVoice());
    }

    // ---- negotiations ----

    @Test
    public void whatComesWhileADescriptionIsMadeWaitsForItAndAnOfferIsRolledBack() {
        talk();
        Rtc.isSlow = true;
        offer(1, "media", "video");
        perform("drop_offer", "revision", 1);
        answer(2, "media", "audio", described(1, false));
        assertEquals(0, told("offer_prepared"));
        phone.run(Rtc::goOn);
        phone.advance(100);
        assertEquals("glare: the peer's goes first", 2, told("answer_prepared"));
        assertEquals(SignalingState.STABLE, peer().signalingState());
    }

    @Test
    public void nothingIsToldOfACallThatWasClosedMeanwhile() {
        talk();
        Rtc.isSlow = true;
        perform("prepare_offer", "call_id", OTHER, "revision", 0, "purpose", "media", "media", "audio");
        perform("close_media", "call_id", OTHER);
        phone.run(Rtc::goOn);
        phone.advance(100);
        assertEquals(0, told("offer_prepared"));
    }

    @Test
    public void aFirstDescriptionThatIsRefusedFailsTheMediaAndALaterOneOnlyTheChange() {
        talk();
        Rtc.refuses = true;
        perform("prepare_offer", "call_id", OTHER, "revision", 0, "purpose", "media", "media", "audio");
        assertEquals(OTHER, last("media_failed").optString("call_id"));
        Rtc.refuses = true;
        perform("close_media", "call_id", OTHER);
        answer(2, "media", "video", described(1, true));
        assertEquals(2, last("negotiation_failed").optInt("revision"));
        assertEquals("the peer's offer does not stay", SignalingState.STABLE, peer().signalingState());
        offer(3, "media", "audio");
        perform("apply_answer", "revision", 3, "sdp", "no SDP");
        assertEquals(3, last("negotiation_failed").optInt("revision"));
        assertTrue(peer().sendsVoice());
    }

    // ---- pictures ----

    @Test
    public void aVoiceCallBecomesAVideoCallAndGoesBack() {
        talk();
        offer(1, "media", "video");
        assertTrue(last("offer_prepared").optString("sdp").contains("m=video"));
        assertEquals("nobody agreed yet", 0, Rtc.captured);
        perform("apply_answer", "revision", 1, "sdp", described(1, true));
        assertNotNull(pictures.peer);
        perform("set_video", "video", "on");
        assertEquals(1280, Rtc.captured);
        assertTrue(peer().sendsPictures());
        assertNotNull(pictures.own);
        perform("set_video", "video", "paused");
        assertEquals("the camera is let go", 0, Rtc.captured);
        WebRtc.INSTANCE.setUsesBackCamera(true);
        perform("set_video", "video", "on");
        assertEquals(-1280, Rtc.captured);
        answer(2, "media", "audio", described(1, true));
        perform("set_video", "video", "off");
        assertEquals(0, Rtc.captured);
        assertNull(pictures.own);
        assertNull(pictures.peer);
        assertTrue(last("answer_prepared").optString("sdp").contains("a=inactive"));
    }

    @Test
    public void anAnsweredVideoOfferSendsAndIsGivenBackWhenTheAppLetGo() {
        talk();
        answer(2, "media", "video", described(1, true));
        perform("set_video", "video", "on");
        assertTrue(peer().sendsPictures());
        assertNotNull(pictures.peer);
        answer(4, "ice_restart", "video", described(9, true));
        connect();
        assertTrue("over another way", peer().sendsPictures());
        assertNotNull(pictures.peer);
        perform("close_media");
        assertNull(pictures.peer);
        assertEquals(0, Rtc.captured);
        assertEquals(List.of(), Rtc.left());
    }

    @Test
    public void withoutACameraTheCallGoesOn() {
        talk();
        Rtc.hasCamera = false;
        answer(2, "media", "video", described(1, true));
        perform("set_video", "video", "on");
        assertNotNull(pictures.fault);
        assertTrue(peer().sendsVoice());
        perform("stop_screen_share");
        assertEquals(1, pictures.screenStops);
        perform("sing"); // Of a newer library.
        assertTrue(peer().sendsVoice());
    }

    // ---- numbers ----

    private static Map<String, Map<String, Object>> numbers(int received, int lost, double level) {
        return Map.of(
                "inbound-rtp", Map.of("kind", "audio", "packetsReceived", received, "packetsLost", lost, "jitter", 0.012,
                        "bytesReceived", received * 100, "audioLevel", level),
                "outbound-rtp", Map.of("kind", "audio", "bytesSent", received * 50),
                "media-source", Map.of("kind", "audio", "audioLevel", 0.25),
                "candidate-pair", Map.of("state", "succeeded", "nominated", true, "currentRoundTripTime", 0.08));
    }

    @Test
    public void qualityIsMeasuredWhileItIsTalked() {
        talk();
        peer().statistics = numbers(100, 0, 0);
        phone.advance(2_400);
        assertEquals("the first report has nothing before it", 0, told("statistics_measured"));
        assertEquals("silence", 0, told("first_audio_heard"));
        peer().statistics = numbers(190, 10, 0.5);
        phone.advance(2_000);
        assertEquals(1, told("statistics_measured"));
        JSONObject found = last("statistics_measured").optJSONObject("statistics");
        assertEquals(100, found.optInt("loss_permille"));
        assertEquals(12, found.optInt("jitter"));
        assertEquals(80, found.optInt("latency"));
        assertEquals(36_000, found.optInt("received_bps"), 200);
        assertEquals(25, found.optInt("own_level"));
        assertEquals(50, found.optInt("peer_level"));
        assertEquals(1, told("first_audio_heard"));
        perform("close_audio");
        phone.advance(10_000);
        assertEquals("nobody talks", 1, told("statistics_measured"));
    }

    // ---- names ----

    @Test
    public void everyMemberOfTheFakesIsPublished() throws Exception {
        java.nio.file.Path list = java.nio.file.Path.of(System.getProperty("clarion.root"), "lab/android/webrtc_names.txt");
        TreeSet<String> published = new TreeSet<>();
        for (String line : java.nio.file.Files.readAllLines(list)) {
            if (!line.isEmpty() && !line.startsWith("#")) published.add(line);
        }
        TreeSet<String> unknown = new TreeSet<>(WebRtcNames.ofTheFakes());
        assertTrue("so few: " + unknown.size(), unknown.size() > 120);
        unknown.removeAll(published);
        assertEquals("names that org.webrtc does not have", new TreeSet<String>(), unknown);
    }
}
