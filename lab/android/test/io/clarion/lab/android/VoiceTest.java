// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import android.content.Context;
import android.telecom.Connection;
import io.clarion.android.Clarion;
import io.clarion.android.Link;
import io.clarion.android.Media;
import io.clarion.android.Parts;
import io.clarion.android.webrtc.WebRtcMedia;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import kotlin.Unit;
import kotlin.jvm.functions.Function1;
import org.json.JSONObject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.webrtc.PeerConnection;

/** What a program with real voice is told by the shell, its port and the lab's org.webrtc, in a call of the real engine. */
public final class VoiceTest extends PhoneTest {
    /** The port over a program that describes at once. */
    public static final class TheParts implements Parts {
        static final List<JSONObject> commands = new ArrayList<>();
        static Consumer<JSONObject> facts;

        @Override
        public Media media(Context context, Function1<? super JSONObject, Unit> told) {
            Voice voice = new Voice(itsFacts -> {
                facts = itsFacts;
                return TheParts::take;
            });
            Rtc.wire = voice;
            return new WebRtcMedia(context, told::invoke, voice.turns(), List::of);
        }

        private static void take(JSONObject command) {
            commands.add(command);
            String described = PeerConnection.described(2, false, "own");
            switch (command.optString("type")) {
                case "prepare_answer" -> tell("answer_prepared", "sdp", described);
                case "prepare_offer" -> tell("offer_prepared", "sdp", described);
                default -> { }
            }
        }

        private static void tell(String type, Object... members) {
            String call = commands.get(commands.size() - 1).optString("call_id");
            JSONObject fact = ScriptedServer.json("type", type, "call_id", call);
            for (int i = 0; i < members.length; i += 2) ScriptedServer.put(fact, (String) members[i], members[i + 1]);
            facts.accept(fact);
        }

        @Override
        public Link link(Context context, String url, Link.Listener listener) {
            return TestParts.server.link(listener);
        }
    }

    @Override
    Class<?> parts() {
        return TheParts.class;
    }

    @Before
    public void beginWithVoice() {
        Rtc.reset();
        TheParts.commands.clear();
        server.offer = PeerConnection.described(1, false, "peer");
    }

    @After
    public void endWithVoice() {
        Rtc.wire = null;
    }

    private void tell(String type, Object... members) {
        phone.run(() -> TheParts.tell(type, members));
        phone.advance(600);
    }

    private void talk() {
        ring();
        accept();
        tell("media_connected");
    }

    private void press(Consumer<Connection> button) {
        TheParts.commands.clear();
        phone.exchange.headset(button::accept);
        phone.advance(500);
    }

    private static List<String> told() {
        return TheParts.commands.stream().map(VoiceTest::words).toList();
    }

    private static String words(JSONObject command) {
        String type = command.optString("type");
        return command.has("on") ? type + (command.optBoolean("on") ? " on" : " off") : type;
    }

    @Test
    public void aCallIsPreparedSilentAndHeardWhenItIsAnswered() {
        ring();
        assertEquals(List.of("prepare_answer", "set_peer_silenced on"), told());
        TheParts.commands.clear();
        accept();
        assertEquals(List.of("set_peer_silenced off", "open_audio"), told());
    }

    @Test
    public void aHoldStopsWhatTheUserSaysWhichGoesOnAfterIt() {
        talk();
        press(Connection::onHold);
        assertEquals(List.of("set_peer_silenced on", "close_audio"), told());
        press(Connection::onUnhold);
        assertEquals(List.of("set_peer_silenced off", "open_audio"), told());
    }

    @Test
    public void muteTakesTheVoiceAndLeavesTheRest() {
        talk();
        TheParts.commands.clear();
        phone.exchange.audio(true, 1);
        phone.advance(500);
        assertEquals(List.of("set_muted on"), told());
    }

    @Test
    public void whatTheProgramFindsReachesTheEngine() {
        talk();
        assertEquals("connected", calls().get(0).optString("state"));
        tell("candidate_found", "candidate", "candidate:7", "mid", "0", "line", 0);
        assertEquals(1, server.received("candidate").size());
        tell("first_audio_heard");
        assertTrue(server.received.toString(), server.received.toString().contains("first_audio"));
        TheParts.commands.clear();
        phone.run(() -> Clarion.end(phone.process().context, CALL));
        phone.advance(500);
        assertEquals("close_media", told().get(told().size() - 1));
    }
}
