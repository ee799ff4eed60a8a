// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import android.content.pm.ServiceInfo;
import android.telecom.Connection;
import io.clarion.Status;
import io.clarion.android.Clarion;
import io.clarion.android.PushReader;
import io.clarion.android.Setup;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.json.JSONObject;
import org.junit.Test;

/** An app with a voice service of its own: the call screen alone, its own pushes, no Clarion server anywhere. */
public final class OwnServiceTest extends PhoneTest {
    private static final String APP = "Phones of the lab";
    /** Reads the pushes of a backend that knows nothing of Clarion. */
    public static final class Reader implements PushReader {
        @Override
        public JSONObject fact(Map<String, String> data) {
            if (!data.containsKey("room")) return null;
            return ScriptedServer.json("type", "incoming_announced", "backend_id", data.get("room"), "name", data.get("who"),
                    "ring_for", 20_000);
        }
    }

    private String reader = "";

    @Override
    Setup setup() {
        return Setup.callScreen(reader);
    }

    // ---- steps of a story ----

    /** A push of the app's backend: Alice calls for 30 s. The backend's id is a UUID here. */
    private static Map<String, String> calling(String call) {
        return saying("type", "incoming_announced", "backend_id", call, "name", "Alice", "handle", "alice@example.test",
                "ring_for", 30_000, "extra", "{\"room\":7}");
    }

    private static Map<String, String> saying(Object... fact) {
        return Map.of("callui", ScriptedServer.json(fact).toString());
    }

    private void rings(String call) {
        push(calling(call));
    }

    private int tell(Object... fact) {
        int[] code = new int[1];
        phone.ensureProcess();
        phone.run(() -> code[0] = Clarion.tell(phone.process().context, ScriptedServer.json(fact)));
        phone.advance(100);
        return code[0];
    }

    private int connect() {
        return tell("type", "connected_set", "call_id", CALL);
    }

    private static JSONObject event(String kind) {
        return MainActivity.events.stream().filter(it -> it.optString("kind").equals(kind)).reduce((a, b) -> b).orElse(null);
    }

    /** Told again is the same event: the word that it was heard died with the process. */
    private static Set<Long> told(String kind) {
        return MainActivity.events.stream().filter(it -> it.optString("kind").equals(kind)).map(it -> it.optLong("seq"))
                .collect(Collectors.toSet());
    }

    // ---- flows ----

    @Test
    public void aKilledAppRingsByItsOwnPushIsAnsweredConnectsAndEnds() {
        rings(CALL);
        assertEquals("Alice", incoming().title);
        assertTrue(sounds());
        assertEquals(ServiceInfo.FOREGROUND_SERVICE_TYPE_PHONE_CALL, phone.services.foreground().types);
        assertEquals(Connection.STATE_RINGING, phone.exchange.line().getState());
        assertTrue("no app code runs for a ring", MainActivity.events.isEmpty());

        accept(); // Opens the app, which hears what happened and joins with its own voice.
        assertFalse(sounds());
        assertEquals(List.of("incoming", "answered"), MainActivity.kinds());
        assertEquals("{\"room\":7}", event("answered").optString("extra"));
        assertEquals("accepted, not connected", Connection.STATE_RINGING, phone.exchange.line().getState());
        assertEquals(Status.OK, connect());
        assertEquals(Connection.STATE_ACTIVE, phone.exchange.line().getState());
        assertEquals(ServiceInfo.FOREGROUND_SERVICE_TYPE_PHONE_CALL | ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE,
                phone.services.foreground().types);
        assertEquals("connected", calls().get(0).optString("phase"));

        phone.tap(phone.shade.ongoing().notification.callStyle.decline);
        phone.advance(500);
        assertEquals("answered", event("ended").optString("outcome"));
        assertQuiet();
        assertNull(phone.shade.missed());
    }

    @Test
    public void aDeclineWithTheAppKilledIsInTheEventsWhenItStarts() {
        rings(CALL);
        decline();
        assertQuiet();
        assertTrue("no activity comes up", phone.activities.all().isEmpty());
        assertNull("a declined call was not missed", phone.shade.missed());
        phone.kill(false);
        phone.openApp();
        phone.advance(100);
        assertEquals(List.of("incoming", "ended"), MainActivity.kinds());
        assertEquals("declined", event("ended").optString("outcome"));
        assertEquals("{\"room\":7}", event("ended").optString("extra"));
        phone.kill(false);
        MainActivity.events.clear();
        phone.openApp();
        phone.advance(100);
        assertEquals("it was heard", List.of(), MainActivity.kinds());
    }

    @Test
    public void theRingEndsByItselfAndLeavesANoticeThatCallsBack() {
        rings(CALL);
        phone.advance(29_000);
        assertTrue(rings());
        phone.advance(2_000);
        assertQuiet();
        assertEquals("Alice", phone.shade.missed().notification.title);
        phone.kill(false);
        phone.tap(phone.shade.missed().notification.actions[0].actionIntent);
        phone.advance(500);
        assertEquals("missed", event("ended").optString("outcome"));
        assertEquals("alice@example.test", event("call_back").optString("handle"));
        assertNull("the notice is done with", phone.shade.missed());
    }

    @Test
    public void anAcceptThatNoVoiceServiceConnectsFailsInTheEndAndLeavesNothing() {
        rings(CALL);
        accept();
        phone.advance(29_000);
        assertEquals("accepted", calls().get(0).optString("phase"));
        assertTrue(serviceRuns());
        phone.advance(1_000);
        assertEquals("failed", event("ended").optString("outcome"));
        assertQuiet();
    }

    @Test
    public void theAppEndsTheCallWhileItRings() {
        phone.openApp();
        rings(CALL);
        assertEquals(Status.OK, tell("type", "end_requested", "call_id", CALL));
        assertQuiet();
        assertEquals("app", event("ended").optString("origin"));
        assertNull(phone.shade.missed());
    }

    @Test
    public void aCallThatTheAppHidStaysHiddenWhateverIsNewOfIt() {
        phone.openApp();
        rings(CALL);
        assertEquals(Status.OK, tell("type", "hide_requested", "call_id", CALL));
        assertEquals(List.of(), titles());
        assertEquals("what the service stands on", List.of(APP), titles(true));
        push(saying("type", "call_updated", "call_id", CALL, "name", "Alice B.",
                "style", ScriptedServer.json("android", ScriptedServer.json("important", true))));
        assertEquals("Alice B.", calls().get(0).optString("name"));
        assertEquals(List.of(), titles());
        phone.kill(false);
        phone.openApp();
        phone.advance(500);
        assertEquals("nor after a death", List.of(), titles());
        phone.advance(31_000);
        assertQuiet();
        assertEquals("Alice B.", phone.shade.missed().notification.title);
    }

    @Test
    public void aCallThatTheAppHidIsAnsweredInTheAppAndShownWhileItLasts() {
        phone.openApp();
        rings(CALL);
        assertEquals(Status.OK, tell("type", "hide_requested", "call_id", CALL));
        assertEquals(Status.OK, tell("type", "user_answered", "call_id", CALL));
        assertEquals(Status.OK, connect());
        assertEquals(List.of("Alice"), titles());
        assertEquals(Connection.STATE_ACTIVE, phone.exchange.line().getState());
        assertEquals(Status.OK, tell("type", "user_ended", "call_id", CALL));
        assertQuiet();
    }

    /** Of the calls that are shown. A service that shows none of them has the app's name. */
    private List<String> titles() {
        return titles(false);
    }

    private List<String> titles(boolean ofTheApp) {
        return phone.shade.all().stream().filter(it -> it.tag == null).map(it -> it.notification.title)
                .filter(it -> it.equals(APP) == ofTheApp).toList();
    }

    @Test
    public void aCancelByPushEndsTheRingAndOneThatOvertakesItsPushStillWins() {
        rings(CALL);
        push(saying("type", "call_dismissed", "backend_id", CALL, "why", "cancelled"));
        assertQuiet();
        assertNotNull(phone.shade.missed());
        push(saying("type", "call_dismissed", "backend_id", OTHER, "why", "answered_elsewhere"));
        rings(OTHER);
        assertFalse(rings());
        assertQuiet();
    }

    @Test
    public void aPushThatIsNoCallIsNoneOfOursAndNeverSpeaksForTheUser() {
        rings(CALL);
        boolean[] mine = new boolean[4];
        phone.run(() -> {
            mine[0] = Clarion.push(phone.process().context, Map.of("chat", "hello"));
            mine[1] = Clarion.push(phone.process().context, Map.of("callui", "not even JSON"));
            mine[2] = Clarion.push(phone.process().context, saying("type", "user_answered", "call_id", CALL));
            mine[3] = Clarion.push(phone.process().context, Map.of("callui", "{}"));
        });
        phone.advance(500);
        for (boolean one : mine) assertFalse(one);
        assertTrue("still", rings());
        phone.openApp();
        phone.advance(100);
        assertEquals(List.of("incoming"), MainActivity.kinds());
    }

    @Test
    public void aReaderUnderstandsTheBackendsOwnPayloadAndItsOwnIds() throws IOException {
        reader = Reader.class.getName();
        begin(NEWEST);
        push(Map.of("room", "room 7", "who", "Zoë"));
        push(Map.of("room", "room 7", "who", "Zoë"));
        assertEquals("Zoë", incoming().title);
        assertEquals("the same text is the same call", 1, calls().size());
        assertEquals("room 7", calls().get(0).optString("backend_id"));
        push(Map.of("chat", "hello"));
        phone.advance(21_000);
        assertQuiet();
    }

    @Test
    public void aHeadsetAnswersHoldsMutesAndDials() {
        phone.openApp();
        rings(CALL);
        phone.exchange.headset(line -> line.onAnswer(0));
        phone.advance(100);
        assertEquals(Status.OK, connect());
        phone.exchange.headset(Connection::onHold);
        phone.exchange.headset(line -> line.onPlayDtmfTone('5'));
        phone.exchange.audio(true, android.telecom.CallAudioState.ROUTE_SPEAKER);
        phone.advance(100);
        assertTrue(MainActivity.kinds().containsAll(List.of("held", "dtmf", "muted")));
        assertEquals(Connection.STATE_HOLDING, phone.exchange.line().getState());
        assertEquals(Status.OK, tell("type", "user_held", "call_id", CALL, "on", false));
        assertEquals("the system's line follows", Connection.STATE_ACTIVE, phone.exchange.line().getState());
        assertFalse("no word that this machine has not: " + phone.logged, phone.logged.toString().contains("refused"));
    }

    @Test
    public void aCallIsPlacedWithTheAppsOwnService() {
        phone.openApp();
        assertEquals(Status.OK, tell("type", "outgoing_started", "call_id", CALL, "name", "Zoë", "handle", "zoe"));
        assertEquals(Connection.STATE_DIALING, phone.exchange.line().getState());
        assertEquals("Zoë", phone.shade.ongoing().notification.title);
        assertEquals(Status.OK, tell("type", "call_connected", "call_id", CALL));
        assertEquals(Connection.STATE_ACTIVE, phone.exchange.line().getState());
        assertEquals(Status.OK, tell("type", "call_dismissed", "call_id", CALL, "why", "cancelled"));
        assertQuiet();
    }

    @Test
    public void whatOnlyAServerCanDoIsRefused() {
        phone.ensureProcess();
        phone.run(() -> {
            assertNull(Clarion.place(phone.process().context, "alice"));
            assertEquals(12, Clarion.startFail(phone.process().context, "alice"));
            assertNull(Clarion.adopt(phone.process().context, CALL));
            assertNull(Clarion.openInvite(phone.process().context, "p1.x"));
            assertEquals("", Clarion.signIn(phone.process().context, setup()));
        });
    }

    @Test
    public void theSetupAndTheTokensAreKept() {
        phone.ensureProcess();
        phone.run(() -> {
            Clarion.pushToken(phone.process().context, "token of FCM");
            assertEquals(setup(), Clarion.setup(phone.process().context));
        });
        phone.kill(false);
        phone.ensureProcess();
        String[] view = new String[1];
        phone.run(() -> view[0] = Clarion.view(phone.process().context).toString());
        assertTrue(view[0], view[0].contains("token of FCM"));
    }

    @Test
    public void signingOutEndsTheCallsAndNothingRingsAnyMore() {
        rings(CALL);
        phone.run(() -> Clarion.signOut(phone.process().context));
        phone.advance(500);
        assertQuiet();
        rings(OTHER);
        assertFalse(rings());
        phone.ensureProcess();
        phone.run(() -> Clarion.signIn(phone.process().context, setup()));
        rings(OTHER);
        assertTrue("set up again", rings());
    }

    @Test
    public void anAppThatMovesToAClarionServerLeavesNothingOfTheOtherMachine() {
        rings(CALL);
        phone.run(() -> Clarion.signIn(phone.process().context, super.setup()));
        phone.advance(500);
        assertQuiet();
        push(server.call(OTHER));
        assertEquals(ScriptedServer.CALLER, incoming().title);
        phone.run(() -> Clarion.signIn(phone.process().context, setup()));
        phone.advance(500);
        assertQuiet();
    }

    @Test
    public void aRebootWhileItRangTellsThatItWasMissedOnceItsTimeIsOver() {
        rings(CALL);
        phone.reboot();
        phone.advance(31_000);
        assertQuiet();
        assertNotNull(phone.shade.missed());
        phone.openApp();
        phone.advance(100);
        assertEquals("missed", event("ended").optString("outcome"));
    }

    /** The wall clock of the lab is that of the machine: an older journal is a phone that was off for so long. */
    @Test
    public void theTimeThatThePhoneWasOffCounts() throws IOException {
        rings(CALL);
        try (RandomAccessFile journal = new RandomAccessFile(new File(phone.disk, "device/clarion/journal"), "rw")) {
            journal.seek(Integer.BYTES);
            long written = journal.readLong();
            journal.seek(Integer.BYTES);
            journal.writeLong(written - 31_000);
        }
        phone.reboot();
        phone.advance(100);
        assertQuiet();
        assertNotNull(phone.shade.missed());
    }

    // ---- the process dies at every call that it makes into the system ----

    private interface Story {
        boolean act();
    }

    @Test
    public void aDeclineSurvivesTheDeathAtEveryStep() throws IOException {
        everywhere(() -> {
            if (rings()) phone.tap(declineOf(incoming()));
            return !rings();
        }, where -> {
            assertEquals(where, 1, told("ended").size());
            assertEquals(where, "declined", event("ended").optString("outcome"));
            assertNull(where, phone.shade.missed());
        });
    }

    @Test
    public void anAcceptSurvivesTheDeathAtEveryStep() throws IOException {
        everywhere(() -> {
            if (rings()) phone.tap(answerOf(incoming()));
            return !rings();
        }, where -> {
            assertEquals(where, 1, told("answered").size());
            assertEquals(where + phone.logged, Status.OK, connect());
            assertEquals(where, "connected", calls().get(0).optString("phase"));
            assertEquals(where, Status.OK, tell("type", "user_ended", "call_id", CALL));
            assertEquals(where, 1, told("ended").size());
        });
    }

    @Test
    public void aRingThatNobodyAnswersLeavesOneNoticeWhateverDies() throws IOException {
        everywhere(() -> true, where -> {
            phone.advance(31_000);
            assertEquals(where, 1, phone.shade.all().size());
            assertNotNull(where, phone.shade.missed());
            assertEquals(where, 1, told("ended").size());
        });
    }

    private interface Check {
        void of(String where);
    }

    private void everywhere(Story user, Check then) throws IOException {
        int steps = 0;
        for (boolean restarts : List.of(true, false)) {
            boolean died = true;
            for (int step = 1; died; ++step) {
                String where = "step " + step + ", restarts " + restarts;
                begin(NEWEST);
                phone.restartsServices = restarts;
                phone.dieAtStep(step);
                int last = phone.steps() + step;
                rings(CALL);
                for (int turn = 0; turn < 20 && !user.act(); ++turn) phone.advance(500);
                died = phone.steps() >= last;
                phone.dieAtStep(-1);
                phone.advance(500);
                phone.openApp();
                phone.advance(500);
                // It died before the push was on disk: the push service's second try, and the user's.
                if (!MainActivity.kinds().contains("incoming")) rings(CALL);
                for (int turn = 0; turn < 20 && !user.act(); ++turn) phone.advance(500);
                then.of(where);
                assertQuiet();
                assertEquals(where, List.of(), phone.violations);
                steps = Math.max(steps, step);
            }
        }
        assertTrue("a ring has many steps, not " + steps, steps > 20);
    }
}
