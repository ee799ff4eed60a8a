// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.clarion.android.Clarion;
import io.clarion.flutter.ClarionPlugin;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Flutter's plugin over the real shell; bob signed in from Dart once, and the app was killed. */
public final class FlutterTest extends PhoneTest {
    @Before
    public void signInFromDart() {
        phone.mainActivity = DartActivity.class.getName();
        phone.heapIsNew = () -> {
            Heap.forget();
            Dart.all.clear();
            DartActivity.handedOn = null;
        };
        DartActivity.startsAfter = 300;
        phone.ensureProcess();
        phone.run(() -> Clarion.signOut(phone.process().context));
        phone.kill(false);
        assertEquals(43, text(Dart.begin().ask("sign_in", settings())).length());
        phone.kill(false);
    }

    @After
    public void everyMethodWasAnswered() {
        for (Dart dart : Dart.all) assertEquals(List.of(), dart.engine.waiting());
    }

    /** As ClarionSetup of Dart writes it. */
    private JSONObject settings() {
        return ScriptedServer.json("server", "https://calls.example.test", "service", "acme", "user", "bob", "device", "bob-phone",
                "verify_keys", new JSONArray(List.of(server.verifyKey())), "token", "", "engine", "{}",
                "parts", TestParts.class.getName());
    }

    private static String text(String json) {
        return json.substring(1, json.length() - 1);
    }

    private static JSONObject of(String call) {
        return ScriptedServer.json("call_id", call);
    }

    private Dart openedApp() {
        phone.openApp();
        phone.advance(1_000);
        return Dart.last();
    }

    // ---- calls ----

    @Test
    public void aKilledAppRingsWithNoDartAliveAndTheIsolateThatComesLaterAdoptsTheCall() {
        ring();
        assertTrue(rings());
        assertEquals("no isolate was there", List.of(), Dart.all);
        assertEquals(1, server.received("verify").size());

        Dart late = openedApp();
        assertEquals(1, late.heard("incoming"));
        assertTrue(late.ask("adopt", of(CALL)).contains("\"live\""));
        assertTrue(late.ask("calls").contains(CALL));
        accept();
        mediaConnect();
        assertEquals(1, late.heard("answered"));
        assertEquals(1, late.heard("connected"));
        assertEquals("0", late.ask("tell", ScriptedServer.json("type", "user_ended", "call_id", CALL)));
        phone.advance(500);
        assertEquals(1, late.heard("ended"));
        assertEquals("normal", server.state(CALL));
        assertQuiet();
    }

    @Test
    public void anAcceptThatIsTappedBeforeDartLivesIsDoneAndDartHearsOfItWhenItComes() {
        DartActivity.startsAfter = 3_000;
        ring();
        accept();
        assertEquals("answered", server.state(CALL));
        Dart dart = Dart.last();
        assertEquals("Dart is not up yet", List.of(), dart.heard);
        phone.advance(3_000);
        assertEquals(List.of("incoming", "answered"), dart.kinds().stream().filter(it -> !it.equals("changed")).toList());
        assertTrue(dart.ask("adopt", of(CALL)).contains("\"live\""));
    }

    @Test
    public void aPushOfTheAppsOwnServiceRingsFromAnyIsolate() {
        Dart background = Dart.begin();
        JSONObject data = new JSONObject(server.call(CALL));
        assertEquals("true", background.ask("push", data));
        assertTrue(rings());
        assertEquals("true", background.ask("push", data));
        assertEquals("false", background.ask("push", ScriptedServer.json("chat", "hello")));
        assertEquals(1, calls().size());
    }

    @Test
    public void anIsolateThatEndsInMidCallLeavesItAloneAndTheNextOneAdoptsIt() {
        ring();
        Dart first = openedApp();
        accept();
        mediaConnect();
        assertEquals(1, first.heard("connected"));
        phone.removeTask();
        phone.advance(1_000);
        assertTrue("the call goes on", serviceRuns());
        assertEquals("answered", server.state(CALL));
        phone.exchange.otherCall();
        phone.advance(100);
        assertEquals("nobody is there to hear it", 0, first.heard("held"));

        Dart next = openedApp();
        assertNotEquals(first, next);
        assertEquals(List.of("held"), next.kinds());
        assertTrue(next.ask("adopt", of(CALL)).contains("\"connected\""));
        assertEquals("0", next.ask("tell", ScriptedServer.json("type", "user_ended", "call_id", CALL)));
        phone.advance(500);
        assertQuiet();
    }

    // ---- events ----

    @Test
    public void anEventThatDartDidNotLiveToHearComesAgainAndOneThatItHeardDoesNot() {
        ring();
        Dart dying = Dart.begin();
        dying.acknowledges = false;
        dying.listen();
        assertEquals("handed over, and its listener never returned", 1, dying.heard("incoming"));

        dying.end();
        Dart sameProcess = Dart.begin();
        sameProcess.acknowledges = false;
        sameProcess.listen();
        assertEquals("it comes again", 1, sameProcess.heard("incoming"));

        phone.kill(false);
        Dart next = Dart.begin();
        next.listen();
        assertEquals("in another process too", 1, next.heard("incoming"));

        phone.kill(false);
        Dart last = Dart.begin();
        last.listen();
        assertEquals("it was heard", 0, last.heard("incoming"));
    }

    @Test
    public void aHotRestartHearsAgainWhatWasNotAcknowledgedAndNothingOnTheOldStream() {
        ring();
        Dart dart = Dart.begin();
        dart.acknowledges = false;
        dart.listen();
        dart.listen();
        assertEquals(2, dart.heard("incoming"));
        assertEquals("nobody took over", 0, dart.heard("taken_over"));
    }

    @Test
    public void ofSeveralIsolatesTheLastHearsAndThenTheOneBefore() {
        ring();
        Dart background = Dart.begin();
        background.listen();
        Dart screen = Dart.begin();
        screen.listen();
        assertEquals(1, background.heard("taken_over"));
        assertEquals("heard already", 0, screen.heard("incoming"));
        phone.run(() -> Clarion.answer(phone.process().context, CALL));
        phone.advance(500);
        assertEquals(1, screen.heard("answered"));
        assertEquals(0, background.heard("answered"));
        screen.cancel();
        phone.run(() -> Clarion.end(phone.process().context, CALL));
        phone.advance(500);
        assertEquals(1, background.heard("ended"));
        assertEquals(0, screen.heard("ended"));
    }

    @Test
    public void anIsolateThatHearsNothingLeavesWithoutARepetitionForTheOther() {
        ring();
        Dart background = Dart.begin();
        background.acknowledges = false;
        background.listen();
        Dart screen = Dart.begin();
        screen.acknowledges = false;
        screen.listen();
        assertEquals(1, screen.heard("incoming"));
        background.end();
        assertEquals(1, screen.heard("incoming"));
    }

    @Test
    public void anEngineThatGoesWithoutACancelIsForgotten() throws Exception {
        Dart gone = Dart.begin();
        gone.listen();
        gone.end();
        for (Field field : Heap.variables()) {
            field.setAccessible(true);
            Object value = field.get(null);
            assertFalse(field.toString(), value instanceof ClarionPlugin);
            if (value instanceof List<?> list) assertEquals(field.toString(), List.of(), list);
        }
        ring();
        assertEquals(List.of(), gone.heard);
        Dart next = Dart.begin();
        next.listen();
        assertEquals(1, next.heard("incoming"));
        assertEquals(List.of(), gone.heard);
    }

    // ---- sign-in ----

    @Test
    public void whoListensHearsThroughASignOutAndTheNextSignIn() {
        Dart dart = Dart.begin();
        dart.listen();
        assertNull(dart.ask("sign_out"));
        assertNull(dart.ask("setup"));
        ring();
        assertFalse("nobody is signed in", rings());
        assertEquals(0, dart.heard("incoming"));
        dart.ask("sign_in", settings());
        push(server.call(OTHER));
        assertTrue("signed in again", rings());
        assertEquals(1, dart.heard("incoming"));
    }

    @Test
    public void whoListensBeforeAnybodySignedInHearsTheFirstCall() throws IOException {
        Dart.begin().ask("sign_out");
        phone.kill(false);
        Dart dart = Dart.begin();
        dart.listen();
        dart.ask("sign_in", settings());
        ring();
        assertEquals(1, dart.heard("incoming"));
    }

    @Test
    public void theSameSignInAgainRepeatsNothingAndAnotherTokenEndsNothing() throws Exception {
        ring();
        Dart dart = Dart.begin();
        dart.acknowledges = false;
        dart.listen();
        assertEquals(1, dart.heard("incoming"));
        String key = dart.ask("sign_in", settings());
        assertEquals(key, dart.ask("sign_in", settings().put("token", "another")));
        phone.advance(500);
        assertEquals("nothing changed", 1, dart.heard("incoming"));
        assertTrue(rings());
    }

    @Test
    public void asSomebodyElseTheCallsOfTheOneBeforeAreOverAndTheListenerHearsTheNewOnes() throws Exception {
        ring();
        Dart dart = Dart.begin();
        dart.listen();
        dart.ask("sign_in", settings().put("device", "bob-tablet"));
        phone.advance(500);
        assertFalse(rings());
        assertTrue(dart.ask("setup").contains("bob-tablet"));
    }

    @Test
    public void aSetupWithWhichNothingWouldRingIsRefusedWithItsFieldAndWhoWasSignedInStillIs() throws Exception {
        ring();
        Dart dart = Dart.begin();
        dart.listen();
        assertEquals("error: parts: the app has no class NoSuchClass that is Parts",
                dart.ask("sign_in", settings().put("parts", "NoSuchClass")));
        assertEquals("error: parts: the app has no class java.lang.String that is Parts",
                dart.ask("sign_in", settings().put("parts", "java.lang.String")));
        assertEquals("error: verify_keys: none of a server", dart.ask("sign_in", settings().put("verify_keys", new JSONArray())));
        assertEquals("error: engine: no JSON object", dart.ask("sign_in", settings().put("engine", "{")));
        String refused = dart.ask("sign_in", settings().put("user", "no user id"));
        assertTrue(refused, refused.startsWith("error: ") && refused.contains("user"));
        assertTrue(dart.ask("setup").contains("\"bob\""));
        assertTrue("the ring goes on", rings());
        phone.kill(false);
        push(server.call(OTHER));
        assertEquals("in the next process too", 2, calls().size());
    }

    // ---- methods ----

    @Test
    public void aBadArgumentIsAnsweredWithAnErrorAndNothingElseHappens() {
        Dart dart = Dart.begin();
        for (String method : List.of("adopt", "open_invite", "ask", "sign_in")) {
            Isolate.Answer answer = dart.call(method, new JSONObject());
            assertEquals(method, "error", answer.kind);
            assertTrue(method + ": " + answer.value, answer.value.toString().startsWith("No value for "));
        }
        for (String method : List.of("tell", "start_fail", "push", "calls")) {
            assertEquals(method, "error", dart.call(method, "{\"type\":").kind);
            assertEquals(method, "error", dart.call(method, "[1, 2]").kind);
        }
        assertEquals("not implemented: null", dart.ask("no_such_method"));
        assertNotEquals("0", dart.ask("tell", ScriptedServer.json("type", "no_such_fact")));
        assertNotEquals("0", dart.ask("tell", new JSONObject()));
        assertNull("no UUID", dart.ask("adopt", of("call 7")));
        assertNull(dart.ask("open_invite", ScriptedServer.json("cc_param", "nonsense")));
        ring();
        assertTrue(rings());
    }

    @Test
    public void everyMethodIsAnsweredAlsoWhenNobodyIsSignedIn() {
        Dart dart = Dart.begin();
        JSONObject push = new JSONObject(server.call(CALL));
        assertTrue(dart.ask("open_invite", ScriptedServer.json("cc_param", push.optString("cc_param"))).contains(CALL));
        assertTrue(dart.ask("setup").contains("bob-phone"));
        dart.ask("sign_out");
        phone.kill(false);
        Dart alone = Dart.begin();
        JSONObject place = ScriptedServer.json("type", "place_requested", "call_id", OTHER, "to_user", "alice");
        assertEquals("12", alone.ask("start_fail", place));
        assertEquals("-9", alone.ask("tell", place));
        assertEquals("[]", alone.ask("calls"));
        assertNull(alone.ask("adopt", of(CALL)));
        assertNull(alone.ask("setup"));
        assertEquals("true", alone.ask("push", push));
        assertTrue(alone.ask("preflight").contains("SIGN_IN"));
        assertFalse(rings());
    }

    @Test
    public void whatThePreflightMissesIsAskedForAndTheRealAnswerComesBack() {
        phone.granted.remove("android.permission.RECORD_AUDIO");
        phone.mayUseFullScreen = false;
        Dart dart = openedApp();
        assertEquals("[\"FULL_SCREEN\",\"MICROPHONE\"]", dart.ask("preflight"));
        Isolate.Answer refused = dart.call("ask", ScriptedServer.json("what", "MICROPHONE"));
        Isolate.Answer again = dart.call("ask", ScriptedServer.json("what", "MICROPHONE"));
        assertEquals("one question", List.of("android.permission.RECORD_AUDIO"), phone.activities.asked);
        assertNull("the user thinks", refused.kind);
        phone.activities.answer(false);
        assertEquals("false", refused.value);
        assertEquals("false", again.value);

        Isolate.Answer granted = dart.call("ask", ScriptedServer.json("what", "MICROPHONE"));
        phone.run(phone.activities::rotate);
        phone.settle();
        assertNull("the question is still there", granted.kind);
        phone.activities.answer(true);
        assertEquals("true", granted.value);
        assertEquals("true", dart.ask("ask", ScriptedServer.json("what", "MICROPHONE")));

        assertEquals("a settings page has no answer", "false", dart.ask("ask", ScriptedServer.json("what", "FULL_SCREEN")));
        assertEquals(List.of("android.settings.MANAGE_APP_USE_FULL_SCREEN_INTENT"), phone.activities.settings);
    }

    @Test
    public void aQuestionThatNobodyCanAnswerAnyMoreIsAnsweredWithNo() {
        phone.granted.remove("android.permission.RECORD_AUDIO");
        assertEquals("no activity", "false", Dart.begin().ask("ask", ScriptedServer.json("what", "MICROPHONE")));
        Dart dart = openedApp();
        Isolate.Answer answer = dart.call("ask", ScriptedServer.json("what", "MICROPHONE"));
        phone.removeTask();
        assertEquals("false", answer.value);
    }
}
