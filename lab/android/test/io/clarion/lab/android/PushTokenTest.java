// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.clarion.android.Clarion;
import io.clarion.android.Setup;
import java.util.List;
import org.json.JSONObject;
import org.junit.Test;

/** Where this device is woken: the token of FCM, by the shell to the server, and back again. */
public final class PushTokenTest extends PhoneTest {
    private String access = "token";

    @Override
    Setup setup() {
        return new Setup("https://calls.example.test", "acme", "bob", "bob-phone", List.of(server.verifyKey()), access, "{}",
                parts().getName(), "", 0);
    }

    /** What the server was told of this device's addresses, the oldest first: kind and token. */
    private List<String> told() {
        return server.received("push_address").stream().map(it -> it.optString("kind") + " " + it.optString("token")).toList();
    }

    @Test
    public void aTokenThatFcmGivesToTheKilledAppIsRegisteredWithoutTheAppAndTheConnectionLetGo() {
        phone.newToken("first");
        phone.advance(500);
        assertEquals(List.of("fcm first"), told());
        assertTrue("no app code runs for it", MainActivity.events.isEmpty());
        assertFalse("a phone that waits for pushes holds no connection", server.isConnected());
        phone.openApp();
        phone.advance(100);
        JSONObject event = MainActivity.events.get(0);
        assertEquals("push_token fcm first",
                event.optString("kind") + " " + event.optString("token_kind") + " " + event.optString("token"));
    }

    @Test
    public void aRenewedTokenIsToldAndTheSameAgainIsNoNews() {
        phone.newToken("first");
        phone.advance(500);
        phone.newToken("first");
        phone.advance(500);
        assertEquals(List.of("fcm first"), told());
        phone.newToken("second");
        phone.advance(500);
        assertEquals(List.of("fcm first", "fcm second"), told());
        phone.kill(false);
        phone.newToken("third"); // In the next process.
        phone.advance(500);
        assertEquals("fcm third", told().get(2));
    }

    @Test
    public void aTokenThatTheAppDeletesIsTakenAway() {
        phone.newToken("first");
        phone.advance(500);
        phone.ensureProcess();
        phone.run(() -> Clarion.pushToken(phone.process().context, "")); // After FirebaseMessaging.deleteToken().
        phone.advance(500);
        assertEquals(List.of("fcm first", "fcm "), told());
    }

    @Test
    public void whatTheServerCouldNotHearTheNextProcessTells() {
        server.reachable = false;
        phone.newToken("first");
        phone.advance(1_000);
        assertEquals(List.of(), told());
        phone.kill(false);
        server.reachable = true;
        phone.openApp();
        phone.advance(30_000);
        assertEquals(List.of("fcm first"), told());
    }

    @Test
    public void withoutAnAccessTokenItWaitsForTheSignInThatBringsOne() throws Exception {
        access = "";
        begin(NEWEST);
        phone.newToken("first");
        phone.advance(1_000);
        assertEquals("only its owner may say where a device is woken", List.of(), told());
        access = "token";
        signIn();
        assertEquals(List.of("fcm first"), told());
    }

    /** FCM says it once, at the first start of the app, and nobody is signed in by then. */
    @Test
    public void aTokenThatCameBeforeAnybodySignedInIsToldAtTheSignIn() {
        signOut();
        phone.newToken("first");
        phone.advance(500);
        phone.kill(false);
        assertEquals(List.of(), told());
        signIn();
        assertEquals(List.of("fcm first"), told());
    }

    @Test
    public void whoSignsInAfterSomebodyElseIsWokenByTheSameToken() {
        phone.newToken("first");
        phone.advance(500);
        signOut();
        phone.kill(false);
        signIn();
        assertEquals(List.of("fcm first", "fcm first"), told());
    }

    private void signOut() {
        phone.ensureProcess();
        phone.run(() -> Clarion.signOut(phone.process().context));
        phone.advance(500);
    }

    private void signIn() {
        phone.ensureProcess();
        phone.run(() -> Clarion.signIn(phone.process().context, setup()));
        phone.advance(1_000);
    }
}
