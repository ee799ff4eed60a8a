// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import android.app.Notification;
import android.content.pm.ServiceInfo;
import android.telecom.CallAudioState;
import android.telecom.Connection;
import android.telecom.DisconnectCause;
import io.clarion.android.CallActivity;
import io.clarion.android.Clarion;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.json.JSONObject;
import org.junit.Test;

/** The flows of the seed documents, from the push to the end, on the real shell and the real engine. */
public final class CallStoryTest extends PhoneTest {
    @Test
    public void aBackgroundPushRingsAndTheUiOpensLateAndAdopts() {
        ring();
        assertEquals(ScriptedServer.CALLER, incoming().title);
        assertTrue(sounds());
        assertTrue(serviceRuns());
        assertEquals(ServiceInfo.FOREGROUND_SERVICE_TYPE_PHONE_CALL, phone.services.foreground().types);
        assertTrue("no app code runs for a ring", MainActivity.events.isEmpty());
        assertEquals(1, server.received("verify").size());

        phone.openApp();
        phone.advance(100);
        assertEquals("incoming", MainActivity.kinds().get(0));
        assertEquals("verified", calls().get(0).optString("state"));

        accept();
        assertFalse(sounds());
        mediaConnect();
        assertEquals("connected", calls().get(0).optString("state"));
        assertEquals(ServiceInfo.FOREGROUND_SERVICE_TYPE_PHONE_CALL | ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE,
                phone.services.foreground().types);
        assertEquals("live", MainActivity.adopted.get(0).optString("result"));
        assertTrue(MainActivity.kinds().containsAll(List.of("answered", "connected")));
        assertEquals(Connection.STATE_ACTIVE, phone.exchange.line().getState());
        assertTrue("open_audio", TestParts.commands.contains("open_audio"));

        phone.tap(phone.shade.ongoing().notification.callStyle.decline);
        phone.advance(500);
        assertEquals("normal", server.state(CALL));
        assertQuiet();
        assertNull(phone.shade.missed());
    }

    @Test
    public void anAcceptWithTheAppKilledOpensTheAppWithTheCall() {
        ring();
        accept();
        assertEquals("answered", server.state(CALL));
        assertEquals("live", MainActivity.adopted.get(0).optString("result"));
        JSONObject event = MainActivity.events.stream().filter(it -> it.optString("kind").equals("answered")).findFirst().orElseThrow();
        assertEquals("user", event.optString("origin"));
    }

    @Test
    public void anAcceptBeforeTheServerCanBeReachedIsKeptAndDone() {
        server.reachable = false;
        ring();
        accept();
        assertEquals("ringing", server.state(CALL));
        server.reachable = true;
        phone.advance(5_000);
        assertEquals("answered", server.state(CALL));
    }

    @Test
    public void anEventThatTheAppSawDoesNotComeAgainAndOneThatItDidNotSeeDoes() {
        ring();
        phone.openApp();
        phone.advance(100);
        assertEquals(1, count(MainActivity.kinds(), "incoming"::equals));
        phone.kill(false);
        MainActivity.events.clear();
        push(server.over(CALL, "cancel")); // In a process without the app's screen.
        phone.openApp();
        phone.advance(100);
        assertEquals("seen before", 0, count(MainActivity.kinds(), "incoming"::equals));
        assertEquals("not seen before", 1, count(MainActivity.kinds(), "ended"::equals));
    }

    @Test
    public void aForegroundPushTellsTheAppAtOnce() {
        phone.openApp();
        ring();
        assertTrue(rings());
        assertEquals("incoming", MainActivity.kinds().get(0));
        phone.run(() -> Clarion.answer(phone.process().context, CALL));
        phone.advance(500);
        assertFalse(sounds());
        assertEquals("answered", server.state(CALL));
        mediaConnect();
        assertEquals(Connection.STATE_ACTIVE, phone.exchange.line().getState());
    }

    @Test
    public void aDeclineWithTheAppKilledReachesTheServerWithoutTheApp() {
        ring();
        decline();
        assertEquals("decline", server.state(CALL));
        assertQuiet();
        assertTrue("no activity comes up", phone.activities.all().isEmpty());
        assertNull("a declined call was not missed", phone.shade.missed());
    }

    @Test
    public void aDeclineWithoutNetworkIsSentWhenItIsThere() {
        ring();
        server.reachable = false;
        server.drop();
        decline();
        assertQuiet();
        assertEquals("ringing", server.state(CALL));
        server.reachable = true;
        phone.advance(6_000);
        assertEquals("decline", server.state(CALL));
    }

    @Test
    public void whenTheCallerHangsUpFirstTheCallIsMissedOnce() {
        ring();
        push(server.over(CALL, "cancel"));
        assertQuiet();
        assertEquals(ScriptedServer.CALLER, phone.shade.missed().notification.title);
        push(server.push(CALL, "ring", 60_000, null));
        assertFalse("a late push of a call that is over", rings());
    }

    @Test
    public void aCancelThatOvertakesItsPushStillWins() {
        Map<String, String> ring = server.call(CALL);
        push(server.over(CALL, "cancel"));
        push(ring);
        assertFalse(rings());
        assertQuiet();
    }

    @Test
    public void answeredElsewhereStopsTheRingAndLeavesNoNotice() {
        ring();
        Connection line = phone.exchange.line();
        push(server.over(CALL, "multi_device_answer"));
        assertQuiet();
        assertNull(phone.shade.missed());
        assertEquals(DisconnectCause.ANSWERED_ELSEWHERE, line.getDisconnectCause().getCode());
    }

    @Test
    public void nobodyAnswersAndTheRingEndsAsMissed() {
        ring();
        phone.advance(70_000);
        assertQuiet();
        assertNotNull(phone.shade.missed());
        phone.openApp();
        phone.advance(100);
        assertEquals("missed", MainActivity.events.get(MainActivity.events.size() - 1).optString("outcome"));
    }

    @Test
    public void callBackOnTheMissedCallNoticeOpensTheAppWithTheHandle() {
        ring();
        push(server.over(CALL, "cancel"));
        phone.kill(false);
        phone.tap(phone.shade.missed().notification.actions[0].actionIntent);
        phone.advance(500);
        assertTrue(MainActivity.kinds().contains("call_back"));
        assertNull("the notice is done with", phone.shade.missed());
    }

    @Test
    public void aMissedCallNoticeThatIsSwipedIsSeen() {
        ring();
        push(server.over(CALL, "cancel"));
        assertTrue(phone.shade.swipe(phone.shade.missed()));
        phone.advance(500);
        assertNull(phone.shade.missed());
    }

    @Test
    public void aHeadsetAnswersAndHangsUp() {
        phone.openApp();
        ring();
        phone.exchange.headset(line -> line.onAnswer(0));
        phone.advance(500);
        assertEquals("answered", server.state(CALL));
        assertFalse(sounds());
        mediaConnect();
        assertEquals(Connection.STATE_ACTIVE, phone.exchange.line().getState());
        phone.exchange.headset(Connection::onDisconnect);
        phone.advance(500);
        assertEquals("normal", server.state(CALL));
        assertQuiet();
    }

    @Test
    public void aWatchDeclines() {
        ring();
        phone.exchange.headset(Connection::onReject);
        phone.advance(500);
        assertEquals("decline", server.state(CALL));
        assertQuiet();
    }

    @Test
    public void theVolumeKeySilencesAndLeavesTheCallOnTheScreen() {
        ring();
        phone.exchange.headset(Connection::onSilence);
        phone.advance(100);
        assertFalse(sounds());
        assertTrue(rings());
        accept();
        assertEquals("answered", server.state(CALL));
    }

    @Test
    public void routeAndMuteOfTheSystemReachTheEngine() {
        phone.openApp();
        ring();
        accept();
        mediaConnect();
        phone.exchange.audio(true, CallAudioState.ROUTE_BLUETOOTH);
        phone.advance(100);
        assertTrue(calls().get(0).optBoolean("muted"));
        phone.run(() -> Clarion.tell(phone.process().context, ScriptedServer.json("type", "audio_route_requested", "route", "speaker")));
        assertEquals(CallAudioState.ROUTE_SPEAKER, phone.exchange.line().route);
    }

    @Test
    public void anOutgoingCallDialsConnectsAndEnds() throws Exception {
        signIn(TestParts.class);
        phone.openApp();
        String[] id = new String[1];
        phone.run(() -> id[0] = Clarion.place(phone.process().context, "zoe", ScriptedServer.json("to_name", "Zoë")));
        assertNotNull(phone.logged.toString(), id[0]);
        phone.advance(500);
        assertEquals(Connection.STATE_DIALING, phone.exchange.line().getState());
        assertEquals("Zoë", phone.shade.ongoing().notification.title);
        assertTrue(serviceRuns());
        phone.run(() -> Clarion.end(phone.process().context, id[0]));
        phone.advance(500);
        assertEquals("an end of the caller while it rings", 1, server.received("end").size());
        assertQuiet();
    }

    /** AND-TEL-09: an emergency call is under way. */
    @Test
    public void anOutgoingCallThatTelecomRefusesFailsAndSaysWhy() throws Exception {
        signIn(TestParts.class);
        phone.openApp();
        phone.exchange.refuses = true;
        phone.run(() -> Clarion.place(phone.process().context, "zoe"));
        phone.advance(500);
        assertEquals(List.of("placed", "not_shown", "ended"), MainActivity.kinds());
        assertEquals("limit_reached", MainActivity.events.get(1).getString("result"));
        assertEquals("internal_kit_error", MainActivity.events.get(2).getString("reason"));
        assertEquals("the callee rings no more", 1, server.received("end").size());
        assertQuiet();
    }

    /** The engine knows it and fails an answer too; without parts the link is a real one, and there is no server. */
    @Test
    public void anAppWithoutMediaRingsAndPlacesNoCall() {
        signIn(null);
        int[] fail = new int[1];
        phone.run(() -> fail[0] = Clarion.startFail(phone.process().context, "zoe"));
        assertEquals("kit_internal_initialization_error", 2999, fail[0]);
        String[] id = new String[1];
        phone.run(() -> id[0] = Clarion.place(phone.process().context, "zoe"));
        assertNull(id[0]);
        ring();
        assertTrue(rings());
    }

    /** With a token, in a process that goes on. */
    private void signIn(Class<?> parts) {
        phone.ensureProcess();
        phone.run(() -> Clarion.signIn(phone.process().context, new io.clarion.android.Setup("https://calls.example.test", "acme", "bob",
                "bob-phone", List.of(server.verifyKey()), "token", "{}", parts == null ? "" : parts.getName(), "", 0)));
    }

    @Test
    public void aSecondCallRingsBesideTheFirstAndTheServiceStaysWithTheOneThatLives() {
        phone.openApp();
        ring();
        accept();
        mediaConnect();
        push(server.call(OTHER));
        assertTrue(rings());
        phone.tap(phone.shade.ongoing().notification.callStyle.decline);
        phone.advance(500);
        assertEquals("normal", server.state(CALL));
        assertTrue("the other still rings", rings());
        assertEquals("nothing of the one that is over", 1, phone.shade.all().size());
        assertEquals("the service stands behind the other", phone.shade.all().get(0).id, phone.services.foreground().id);
        decline();
        assertEquals("decline", server.state(OTHER));
        assertQuiet();
    }

    @Test
    public void whenTheFirstOfTwoRingsEndsTheServiceMovesToTheOtherAndNothingIsLeftOfIt() {
        ring();
        push(server.call(OTHER));
        push(server.over(CALL, "cancel"));
        List<Shade.Posted> calls = phone.shade.all().stream().filter(it -> it.tag == null).toList();
        assertEquals(1, calls.size());
        assertEquals("the service stands behind the other", calls.get(0).id, phone.services.foreground().id);
    }

    @Test
    public void onTheLockScreenThePageComesUpAndItsButtonsWork() {
        phone.lock();
        ring();
        CallActivity page = phone.activities.find(CallActivity.class);
        assertNotNull("the full-screen page", page);
        assertTrue(phone.activities.visible());
        tapButton(page, 1);
        assertEquals("answered", server.state(CALL));
        assertEquals("the microphone, with the phone still locked",
                ServiceInfo.FOREGROUND_SERVICE_TYPE_PHONE_CALL | ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE,
                phone.services.foreground().types);
        assertNull("the page made room for the app", phone.activities.find(CallActivity.class));
    }

    @Test
    public void thePageGoesWhenTheCallerHangsUp() {
        phone.lock();
        ring();
        push(server.over(CALL, "cancel"));
        assertNull(phone.activities.find(CallActivity.class));
        assertQuiet();
    }

    private void tapButton(CallActivity page, int index) {
        android.view.ViewGroup content = (android.view.ViewGroup) page.content;
        phone.run(() -> content.children.get(index).tap());
        phone.advance(500);
    }

    @Test
    public void aForgedPushDoesNotRing() throws IOException {
        ScriptedServer stranger = new ScriptedServer(phone);
        push(stranger.call(CALL));
        assertFalse(rings());
        push(Map.of("cc_param", "p1.nonsense"));
        push(Map.of("something", "of the app's own"));
        assertFalse(rings());
        assertQuiet();
    }

    /** Made with crypto/invite_box: bob's phone, a ring until the year 2100, the keys of the next test. */
    private static final String SEALED = "s1.Fo4VFVGer1sTF0kgwTcyiMCujoTLrA8Plo_Y2V-zw2V_-hqSFhih_G7iXIh52mEM0HPl4YorJV_BZ87ydGVlhuzbiTsta"
                + "ZIdm4gUO7o97lOPxF5At7pL96qOvwYfiFoQL00fI2wzqAhm3cSSRzWdl9fOnpNNLU46K0ogMvXJcBbZo3w7GjVnl42FzOkzF"
                + "6JIds7G7ILFpnrnG6Q7TNZ0FUPeQWFRRUCa214gCITY9om4gWhHqS-uYmkM3W0qLEfJGr9TmRccbtAmSOknFNfBFfB8uFf8j"
                + "HpHErGpMi4jk0JzXLzNjp5zmv5r4d1BPQwI9HnDWVRBtr9NHI_6uKZQ_NB05uaBlZ2uLnRwkEkhL3Q71byyBbdKHHtmlg6Fo"
                + "vIG7NpnDN8SUB-6wHvJ3bZLhfDv0iV-UmrFIGV1wRkd-KFLi7n5npG64qSgDbUiH7nOYAb4WdY_xhyx";

    @Test
    public void aSealedInviteOpensWithTheDevicesKeyAndWithNoOther() throws IOException {
        java.nio.file.Path key = phone.disk.toPath().resolve("device/clarion/box.key");
        String another = java.nio.file.Files.readString(key);
        phone.ensureProcess();
        phone.run(() -> Clarion.signIn(phone.process().context, new io.clarion.android.Setup("https://calls.example.test",
                "acme", "bob", "bob-phone", List.of("ebVWLo_mVPlAeLES6KmLp5AfhTrmlb7X4OORC60ElmQ"), "", "{}",
                TestParts.class.getName(), "", 0)));
        push(Map.of("cc_param", SEALED));
        assertFalse("sealed to another key", rings());
        java.nio.file.Files.writeString(key, "BQcJCw0PERMVFxkbHR8hIyUnKSstLzEzNTc5Oz0_QUM");
        String[] publicKey = new String[1];
        phone.ensureProcess();
        phone.run(() -> publicKey[0] = Clarion.signIn(phone.process().context, setup()));
        assertEquals("s8nXyNEmkvPhXDC3ISV-g5qjywiF8lUG-CITDr9_0yI", publicKey[0]);
        push(Map.of("cc_param", SEALED));
        assertFalse("signed by a server that this device does not trust", rings());
        phone.run(() -> Clarion.signIn(phone.process().context, new io.clarion.android.Setup("https://calls.example.test",
                "acme", "bob", "bob-phone", List.of(server.verifyKey(), "ebVWLo_mVPlAeLES6KmLp5AfhTrmlb7X4OORC60ElmQ"), "",
                "{}", TestParts.class.getName(), "", 0)));
        server.known(CALL);
        push(Map.of("cc_param", SEALED));
        assertEquals(ScriptedServer.CALLER, incoming().title);
        assertFalse(another.isEmpty());
    }

    @Test
    public void thePushOfAnAppThatHasItsOwnMessagingServiceRingsTheSameWay() {
        Map<String, String> data = server.call(CALL);
        phone.ensureProcess();
        boolean[] mine = new boolean[2];
        phone.run(() -> mine[0] = Clarion.push(phone.process().context, data));
        phone.run(() -> mine[1] = Clarion.push(phone.process().context, Map.of("chat", "hello")));
        assertTrue("before it returns", rings());
        assertTrue(mine[0]);
        assertFalse(mine[1]);
    }

    @Test
    public void signingInAgainWithAnotherTokenLeavesTheCallAlone() {
        phone.openApp();
        ring();
        accept();
        mediaConnect();
        signIn(TestParts.class);
        phone.advance(1_000);
        assertEquals("connected", calls().get(0).optString("state"));
        assertEquals("answered", server.state(CALL));
    }

    @Test
    public void signingInAsSomebodyElseTakesTheCallsOfTheOneBeforeOffTheScreen() {
        ring();
        assertTrue(server.isConnected());
        phone.run(() -> Clarion.signIn(phone.process().context, new io.clarion.android.Setup("https://calls.example.test",
                "acme", "carol", "bob-phone", List.of(server.verifyKey()), "", "{}", TestParts.class.getName(), "", 0)));
        phone.advance(1_000);
        assertQuiet();
        assertFalse("the connection of the one before", server.isConnected());
        ring();
        assertFalse("a push for bob", rings());
    }

    @Test
    public void afterSigningOutNothingRings() {
        phone.ensureProcess();
        phone.run(() -> Clarion.signOut(phone.process().context));
        phone.advance(500);
        ring();
        assertFalse(rings());
        phone.ensureProcess();
        phone.run(() -> Clarion.signIn(phone.process().context, setup()));
        push(server.call(OTHER));
        assertTrue("signed in again", rings());
    }

    @Test
    public void aFactThatIsToldInsideACommandWaitsUntilAllCommandsAreDone() {
        TestParts.tellInside = true;
        server.reachable = false;
        ring();
        accept(); // So that what is prepared is sent at once.
        server.reachable = true;
        phone.advance(5_000);
        assertTrue("prepare_answer", TestParts.commands.contains("prepare_answer"));
        assertEquals(List.of(), TestParts.nested);
        assertEquals("answered", server.state(CALL));
        assertEquals("v=0 answer", server.received("answer").get(0).optString("sdp"));
    }

    @Test
    public void aSilencedNotificationKeepsItsButtons() {
        ring();
        phone.exchange.headset(Connection::onSilence);
        phone.advance(100);
        Notification now = incoming();
        assertNotNull(now.callStyle.answer);
        decline();
        assertEquals("decline", server.state(CALL));
    }
}
