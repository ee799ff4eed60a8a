// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import android.app.Notification;
import android.app.NotificationManager;
import android.content.pm.ServiceInfo;
import android.net.Uri;
import android.telecom.Connection;
import io.clarion.android.CallActivity;
import io.clarion.android.Clarion;
import io.clarion.android.Preflight;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.json.JSONObject;
import org.junit.Test;

/**
 * One test for each rule of Android that a shell can break; its id begins the name. The phone throws, kills or drops as the
 * rule says, so that a shell that breaks it fails here.
 */
public final class AndroidRulesTest extends PhoneTest {
    private static final int CALL_TYPE = ServiceInfo.FOREGROUND_SERVICE_TYPE_PHONE_CALL;
    private static final int WITH_MICROPHONE = CALL_TYPE | ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE;

    // ---- every level ----

    @Test
    public void AND_API_aCallIsRungAnsweredTalkedAndEndedOnEveryLevel() throws IOException {
        for (int api = Phone.LOWEST; api <= NEWEST; ++api) {
            begin(api);
            ring();
            assertTrue("API " + api, rings() && sounds() && serviceRuns());
            assertEquals("API " + api, api >= 31, incoming().callStyle != null);
            if (api >= 29) assertEquals("API " + api, CALL_TYPE, phone.services.foreground().types);
            accept();
            mediaConnect();
            assertEquals("API " + api, "answered", server.state(CALL));
            assertEquals("API " + api, "connected", calls().get(0).optString("state"));
            assertTrue("API " + api, serviceRuns());
            phone.run(() -> Clarion.end(phone.process().context, CALL));
            phone.advance(500);
            assertQuiet();
            assertEquals("API " + api, List.of(), phone.violations);
        }
    }

    @Test
    public void AND_API_aDeclineAndAMissedCallWorkOnEveryLevel() throws IOException {
        for (int api = Phone.LOWEST; api <= NEWEST; ++api) {
            begin(api);
            ring();
            decline();
            assertEquals("API " + api, "decline", server.state(CALL));
            push(server.call(OTHER));
            push(server.over(OTHER, "cancel"));
            assertNotNull("API " + api, phone.shade.missed());
            assertQuiet();
            assertEquals("API " + api, List.of(), phone.violations);
        }
    }

    // ---- foreground services ----

    @Test
    public void AND_FGS_01_theServiceReachesTheForegroundInTimeAlsoForACallThatIsOverAtOnce() {
        Map<String, String> ring = server.call(CALL);
        Map<String, String> cancel = server.push(CALL, "cancel", 60_000, "cancel");
        // Both in one turn of the looper: the service is still on its way when its call ends.
        phone.ensureProcess();
        phone.run(() -> Clarion.push(phone.process().context, ring));
        phone.run(() -> Clarion.push(phone.process().context, cancel));
        phone.advance(10_000);
        assertQuiet();
    }

    @Test
    public void AND_FGS_01_aServiceThatLeavesWhileTheNextOneComesOwesNothing() {
        ring();
        Map<String, String> next = server.call(OTHER);
        Map<String, String> cancel = server.push(OTHER, "cancel", 60_000, "cancel");
        // In one turn of the looper: the first call ends, another one rings and is cancelled.
        phone.run(() -> Clarion.end(phone.process().context, CALL));
        phone.run(() -> Clarion.push(phone.process().context, next));
        phone.run(() -> Clarion.push(phone.process().context, cancel));
        phone.advance(10_000);
        assertQuiet();
    }

    @Test
    public void AND_FGS_02_aNormalPushRingsWithoutAServiceAndTheAnswerBringsOne() {
        phone.push(server.call(CALL), false);
        phone.advance(500);
        assertFalse(serviceRuns());
        assertTrue(rings());
        accept();
        phone.advance(500);
        assertTrue(serviceRuns());
        assertEquals("answered", server.state(CALL));
    }

    @Test
    public void AND_FGS_04_ringingAsksForNoMicrophoneAndAnsweringDoes() {
        ring();
        assertEquals(CALL_TYPE, phone.services.foreground().types);
        accept();
        assertEquals(WITH_MICROPHONE, phone.services.foreground().types);
        assertFalse(phone.services.foreground().microphoneIsSilent);
    }

    @Test
    public void AND_FGS_04_anAnswerInTheBackgroundGetsTheMicrophoneWhenTheAppIsInFront() {
        ring();
        phone.exchange.headset(line -> line.onAnswer(0));
        phone.advance(500);
        mediaConnect();
        assertEquals("without the microphone", CALL_TYPE, phone.services.foreground().types);
        phone.openApp();
        phone.advance(100);
        assertEquals(WITH_MICROPHONE, phone.services.foreground().types);
        assertTrue(TestParts.commands.contains("set_microphone"));
    }

    @Test
    public void AND_FGS_05_AND_FGS_06_AND_FGS_07_theManifestDeclaresTypesAndPermissions() throws IOException {
        begin(NEWEST);
        for (String permission : List.of("FOREGROUND_SERVICE", "FOREGROUND_SERVICE_PHONE_CALL",
                "FOREGROUND_SERVICE_MICROPHONE", "MANAGE_OWN_CALLS", "USE_FULL_SCREEN_INTENT", "POST_NOTIFICATIONS")) {
            assertTrue(permission, phone.installed.permissions.contains("android.permission." + permission));
        }
        assertEquals("phoneCall|microphone", phone.installed.components.get("io.clarion.android.CallService").types);
    }

    @Test
    public void AND_FGS_08_withoutThePermissionTheCallGoesOnWithoutAMicrophone() {
        phone.granted.remove("android.permission.RECORD_AUDIO");
        ring();
        accept();
        mediaConnect();
        assertEquals(CALL_TYPE, phone.services.foreground().types);
        assertEquals("connected", calls().get(0).optString("state"));
    }

    @Test
    public void AND_FGS_10_below34AMicrophoneThatWouldBeSilentIsAskedForAgainInFront() throws IOException {
        begin(33);
        ring();
        phone.exchange.headset(line -> line.onAnswer(0));
        phone.advance(500);
        assertTrue(phone.services.foreground().microphoneIsSilent);
        phone.openApp();
        phone.advance(100);
        assertFalse(phone.services.foreground().microphoneIsSilent);
    }

    @Test
    public void AND_FGS_12_afterABootNoServiceMayStartAndTheCallRingsAllTheSame() {
        phone.mayUseFullScreen = false; // Otherwise the page comes up, and what is visible may start a service.
        ring();
        phone.reboot();
        phone.advance(1_000);
        assertTrue("asked the server, and it still rings", rings());
        assertFalse(serviceRuns());
        push(server.over(CALL, "cancel"));
        assertQuiet();
        assertNotNull(phone.shade.missed());
    }

    @Test
    public void AND_FGS_13_AND_NOT_01_withoutNotificationsTheServiceRunsAndTheEngineKnows() throws IOException {
        begin(NEWEST);
        phone.hasTelecom = false;
        phone.granted.remove("android.permission.POST_NOTIFICATIONS");
        ring();
        assertFalse(rings());
        phone.openApp();
        phone.advance(100);
        JSONObject event = MainActivity.events.stream().filter(it -> it.optString("kind").equals("not_shown")).findFirst().orElseThrow();
        assertEquals("not_allowed", event.optString("result"));
    }

    @Test
    public void AND_FGS_14_stoppedByTheTaskManagerTheCallEndsWithAReason() {
        ring();
        accept();
        mediaConnect();
        phone.stopByTaskManager();
        phone.openApp();
        phone.advance(1_000);
        assertEquals("app_destroy", server.state(CALL));
        assertQuiet();
    }

    @Test
    public void AND_FGS_15_aServiceThatTheSystemStartsAgainRingsOnWithoutTheForeground() {
        ring();
        phone.advance(20_000); // The exemption of the push is over.
        phone.kill(true);
        assertFalse(rings());
        phone.advance(2_000);
        assertTrue("it rings again", rings());
        assertFalse(serviceRuns());
        accept();
        assertEquals("answered", server.state(CALL));
        assertTrue("the tap permits it", serviceRuns());
    }

    // ---- notifications ----

    @Test
    public void AND_NOT_02_aCallIsShownWithoutThePermissionWhereTelecomKnowsTheApp() {
        phone.granted.remove("android.permission.POST_NOTIFICATIONS");
        ring();
        assertTrue(rings());
        decline();
        assertEquals("decline", server.state(CALL));
    }

    @Test
    public void AND_NOT_03_aCallThatTheServiceDoesNotStandBehindIsNotInCallStyle() {
        phone.openApp();
        ring();
        accept();
        mediaConnect();
        push(server.call(OTHER));
        phone.tap(answerOf(incoming()));
        phone.advance(500);
        List<Shade.Posted> ongoing = phone.shade.all();
        assertEquals(2, ongoing.size());
        assertEquals("one is the service's", 1, count(ongoing, it -> it.byService));
        for (Shade.Posted its : ongoing) assertEquals(its.byService, its.notification.callStyle != null);
    }

    @Test
    public void AND_NOT_05_anotherRingtoneIsAnotherChannel() {
        ring();
        String first = incoming().getChannelId();
        decline();
        phone.ensureProcess();
        phone.run(() -> Clarion.tell(phone.process().context, ScriptedServer.parse(
                "{\"type\":\"style_chosen\",\"style\":{\"android\":{\"ringtone\":\"marimba\"}}}")));
        push(server.call(OTHER));
        String second = incoming().getChannelId();
        assertFalse(first.equals(second));
        assertEquals(Uri.parse("android.resource://" + Phone.PACKAGE + "/raw/marimba"), phone.shade.channels.get(second).getSound());
        assertTrue(phone.shade.channels.get(second).shouldVibrate());
    }

    @Test
    public void AND_NOT_05_aChannelThatTheUserSwitchedOffIsToldAndNotRung() {
        ring();
        String channel = incoming().getChannelId();
        decline();
        phone.shade.channels.get(channel).setImportance(NotificationManager.IMPORTANCE_NONE);
        push(server.call(OTHER));
        assertFalse(rings());
        assertTrue(missing().contains(Preflight.What.INCOMING_CHANNEL));
    }

    @Test
    public void AND_NOT_06_theUserCannotSwipeACallAway() {
        ring();
        assertFalse(phone.shade.swipe(phone.shade.incoming()));
        accept();
        assertFalse(phone.shade.swipe(phone.shade.ongoing()));
    }

    @Test
    public void AND_NOT_08_theSystemEndsARingWhoseProcessIsDeadAndItIsMissedOnce() {
        phone.push(server.call(CALL), false); // Without a service: the notification stays when the process dies.
        phone.advance(500);
        phone.kill(false);
        assertTrue(rings());
        phone.advance(61_000);
        assertFalse(rings());
        assertNotNull(phone.shade.missed());
        assertQuiet();
    }

    @Test
    public void AND_NOT_09_afterABootAMissedCallIsTold() {
        ring();
        server.over(CALL, "cancel");
        phone.reboot();
        phone.advance(2_000);
        assertQuiet();
        assertNotNull(phone.shade.missed());
    }

    @Test
    public void AND_NOT_10_AND_BAL_01_acceptIsAnActivityAndDeclineIsNone() {
        ring();
        Notification notification = incoming();
        assertTrue(answerOf(notification).startsActivity);
        assertFalse(declineOf(notification).startsActivity);
        decline();
        assertTrue(phone.activities.all().isEmpty());
    }

    @Test
    public void AND_31_everyPendingIntentIsImmutableAndExplicit() {
        ring();
        accept();
        mediaConnect();
        assertFalse(phone.pendingIntents.isEmpty());
        phone.pendingIntents.values().forEach(it -> assertNotNull(it.intent.getComponent()));
    }

    @Test
    public void AND_31_twoCallsHaveTheirOwnButtons() {
        phone.openApp();
        ring();
        Notification first = incoming();
        push(server.call(OTHER));
        phone.tap(declineOf(first));
        phone.advance(500);
        assertEquals("decline", server.state(CALL));
        assertEquals("ringing", server.state(OTHER));
    }

    @Test
    public void AND_FSI_02_withoutTheSpecialAccessTheHeadsUpIsComplete() {
        phone.mayUseFullScreen = false;
        phone.lock();
        ring();
        assertNull(phone.activities.find(CallActivity.class));
        assertEquals(phone.elapsed() - 500 + Phone.HEADS_UP, phone.shade.incoming().headsUpUntil);
        assertTrue(missing().contains(Preflight.What.FULL_SCREEN));
        decline();
        assertEquals("decline", server.state(CALL));
    }

    @Test
    public void AND_FSI_03_unlockedThereIsAHeadsUpAndLockedThePage() {
        ring();
        assertNull(phone.activities.find(CallActivity.class));
        decline();
        phone.lock();
        push(server.call(OTHER));
        assertNotNull(phone.activities.find(CallActivity.class));
    }

    @Test
    public void AND_FSI_05_theIncomingChannelIsImportantAndTheMissedOneIsNot() {
        ring();
        push(server.over(CALL, "cancel"));
        Notification missed = phone.shade.missed().notification;
        assertEquals(NotificationManager.IMPORTANCE_HIGH, phone.shade.channels.get("clarion.ring.").getImportance());
        assertEquals(NotificationManager.IMPORTANCE_DEFAULT, phone.shade.channels.get(missed.getChannelId()).getImportance());
        assertEquals(0, missed.flags & Notification.FLAG_INSISTENT);
    }

    // ---- pushes, power, the process ----

    @Test
    public void AND_FCM_04_thePushHandlerRingsBeforeItReturns() {
        Map<String, String> data = server.call(CALL);
        phone.ensureProcess();
        phone.run(() -> Clarion.push(phone.process().context, data));
        assertTrue(rings());
    }

    @Test
    public void AND_FCM_07_pushesInAnyOrderAndTwiceRingOnce() {
        Map<String, String> first = server.call(CALL);
        push(first);
        push(first);
        assertEquals(1, phone.shade.all().size());
        assertEquals(1, phone.exchange.lines().size());
        push(server.over(CALL, "cancel"));
        push(server.over(CALL, "cancel"));
        push(first);
        assertEquals("one notice", 1, phone.shade.all().size());
        assertFalse(rings());
    }

    @Test
    public void AND_FCM_12_AND_PWR_05_afterAForceStopNothingArrivesAndTheNextStartTellsTheTruth() {
        ring();
        phone.forceStop();
        assertFalse(phone.push(server.call(OTHER), true));
        server.over(CALL, "cancel");
        phone.openApp();
        phone.advance(1_000);
        assertFalse(rings());
        assertEquals("ended", MainActivity.kinds().get(MainActivity.kinds().size() - 1));
        push(server.call("6f1f7d5e-0000-4000-8000-000000000003"));
        accept();
        assertEquals("answered", server.state("6f1f7d5e-0000-4000-8000-000000000003"));
    }

    @Test
    public void AND_PWR_01_theRingEndsInTimeWithTheScreenOffAndTheDeviceAsleep() {
        ring();
        phone.screenOn = false;
        phone.advance(70_000);
        assertQuiet();
        assertNotNull(phone.shade.missed());
        assertTrue("no wake lock for nothing", phone.process() == null || phone.process().wakeLocks.isEmpty());
    }

    @Test
    public void AND_PWR_06_aPushBeforeTheFirstUnlockRings() {
        phone.reboot();
        ring();
        assertTrue(rings());
        accept();
        assertEquals("answered", server.state(CALL));
        phone.installed.components.values().forEach(it -> assertTrue(it.name, it.directBootAware));
    }

    @Test
    public void AND_PWR_08_theTaskSwipedAwayLeavesTheCallRingingAndTalking() {
        phone.openApp();
        ring();
        phone.removeTask();
        assertTrue(rings() && serviceRuns());
        accept();
        mediaConnect();
        phone.removeTask();
        assertTrue(serviceRuns());
        assertEquals("connected", calls().get(0).optString("state"));
        phone.openApp();
        phone.advance(100);
        assertEquals("connected", calls().get(0).optString("state"));
    }

    @Test
    public void AND_PWR_09_aDeclineWithoutNetworkDoesNotHoldItsBroadcastForever() {
        ring();
        server.reachable = false;
        server.drop();
        decline();
        phone.advance(15_000);
        assertQuiet();
    }

    // ---- Telecom ----

    @Test
    public void AND_TEL_01_AND_TEL_10_theLineIsSelfManagedAndFollowsTheCall() {
        ring();
        Connection line = phone.exchange.line();
        assertEquals(Connection.STATE_RINGING, line.getState());
        assertEquals(ScriptedServer.CALLER, line.getCallerDisplayName());
        accept();
        assertEquals("not active before media are", Connection.STATE_RINGING, line.getState());
        mediaConnect();
        assertEquals(Connection.STATE_ACTIVE, line.getState());
        phone.run(() -> Clarion.end(phone.process().context, CALL));
        assertTrue(line.destroyed);
    }

    @Test
    public void AND_TEL_03_aCallThatEndedBeforeTelecomHadItsLineLeavesNone() {
        phone.exchange.takes = 3_000;
        ring();
        push(server.over(CALL, "cancel"));
        phone.advance(5_000);
        assertEquals(List.of(), phone.exchange.lines());
        assertQuiet();
    }

    @Test
    public void AND_TEL_03_aCallThatConnectedBeforeTelecomHadItsLineIsActiveThereToo() {
        phone.exchange.takes = 3_000;
        ring();
        accept();
        mediaConnect();
        assertNull(phone.exchange.line());
        phone.exchange.states.clear();
        phone.advance(3_000);
        assertEquals("as it was asked for, and what became of it when it was there",
                List.of(Connection.STATE_RINGING, Connection.STATE_ACTIVE), phone.exchange.states);
    }

    @Test
    public void AND_TEL_05_aDeviceWithoutTelecomRings() throws IOException {
        begin(NEWEST);
        phone.hasTelecom = false;
        ring();
        assertTrue(rings());
        assertTrue(missing().contains(Preflight.What.TELECOM));
        accept();
        mediaConnect();
        assertEquals("connected", calls().get(0).optString("state"));
    }

    @Test
    public void AND_TEL_06_anotherCallOfThePhoneHoldsOursAndTheUserTakesItBack() {
        phone.openApp();
        ring();
        accept();
        mediaConnect();
        phone.exchange.otherCall();
        phone.advance(100);
        assertTrue(calls().get(0).optBoolean("held"));
        assertEquals(Connection.STATE_HOLDING, phone.exchange.line().getState());
        phone.exchange.headset(Connection::onUnhold);
        phone.advance(100);
        assertFalse(calls().get(0).optBoolean("held"));
        assertEquals(Connection.STATE_ACTIVE, phone.exchange.line().getState());
    }

    @Test
    public void AND_TEL_07_onSilenceStopsTheSoundOnly() {
        ring();
        assertTrue(sounds());
        phone.exchange.headset(Connection::onSilence);
        phone.advance(10);
        assertFalse(sounds());
        assertTrue(rings());
    }

    @Test
    public void AND_TEL_09_aCallThatTelecomRefusesIsSilentOnTheScreen() {
        phone.exchange.refuses = true;
        ring();
        assertFalse(sounds());
        assertTrue(rings());
        push(server.over(CALL, "cancel"));
        assertQuiet();
    }

    // ---- what is not rules of one id ----

    @Test
    public void nothingIsExportedSoThatNoOtherAppCanAnswerOrRing() {
        phone.installed.components.values().forEach(it -> assertFalse(it.name, it.exported));
    }

    @Test
    public void thePreflightOfAGoodDeviceIsEmptyAndOfABadOneNamesEverything() throws IOException {
        assertEquals(List.of(), missing());
        phone.granted.clear();
        phone.mayUseFullScreen = false;
        phone.restricted = true;
        assertEquals(List.of(Preflight.What.NOTIFICATIONS, Preflight.What.FULL_SCREEN, Preflight.What.MICROPHONE,
                Preflight.What.BACKGROUND), missing());
        begin(26);
        phone.notificationsOff = true;
        assertEquals(List.of(Preflight.What.NOTIFICATIONS), missing());
    }

    private List<Preflight.What> missing() {
        List<Preflight.What> found = new ArrayList<>();
        phone.ensureProcess();
        phone.run(() -> Clarion.preflight(phone.process().context).forEach(it -> found.add(it.getWhat())));
        return found;
    }

    @Test
    public void aNewNetworkMakesANewConnectionAndTheFirstIsNoNews() {
        phone.networkToldAfter = 200; // The connection is up by then.
        ring();
        assertEquals("one connection for a ring", 1, server.received("hello").size());
        phone.networkChanges();
        phone.advance(1_000);
        assertEquals(2, server.received("hello").size());
    }

    @Test
    public void aDiskThatIsFullKeepsNoCallFromRinging() throws IOException {
        File journal = new File(phone.disk, "device/clarion/journal.next");
        Files.createDirectories(journal.toPath()); // A folder in its place: no write succeeds.
        ring();
        assertTrue(rings());
        accept();
        assertEquals("answered", server.state(CALL));
        Files.delete(journal.toPath());
    }

    @Test
    public void aDeviceWithoutToneGeneratorsCalls() {
        phone.noTones = true;
        phone.openApp();
        ring();
        accept();
        mediaConnect();
        push(server.over(CALL, "normal"));
        assertQuiet();
    }

    @Test
    public void theEndToneStopsByItself() {
        phone.openApp();
        ring();
        accept();
        mediaConnect();
        push(server.over(CALL, "normal"));
        assertNotNull(phone.tone);
        phone.advance(3_000);
        assertNull(phone.tone);
    }
}
