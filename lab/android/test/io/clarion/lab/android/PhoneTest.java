// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;

import android.app.Notification;
import io.clarion.android.Clarion;
import io.clarion.android.Setup;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;

/** The real shell on a virtual phone, with bob signed in and nothing running. */
public abstract class PhoneTest {
    static final String CALL = "6f1f7d5e-0000-4000-8000-000000000001";
    static final String OTHER = "6f1f7d5e-0000-4000-8000-000000000002";
    static final int NEWEST = 36;
    static final File MANIFEST = new File(System.getProperty("clarion.manifest"));
    private Path disk;
    Phone phone;
    ScriptedServer server;

    @Before
    public void begin() throws IOException {
        begin(NEWEST);
    }

    @After
    public void end() throws IOException {
        assertEquals("what the phone objects to", List.of(), phone.violations);
        wipe();
    }

    private void wipe() throws IOException {
        if (disk == null) return;
        try (Stream<Path> all = Files.walk(disk)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
        disk = null;
    }

    /** Another phone: of this API level, its app installed, used once and killed. */
    final void begin(int api) throws IOException {
        begin(api, MANIFEST);
    }

    final void begin(int api, File manifest) throws IOException {
        wipe();
        disk = Files.createTempDirectory("clarion-phone");
        phone = new Phone(api, manifest, disk.toFile());
        phone.mainActivity = MainActivity.class.getName();
        phone.heapIsNew = Heap::forget;
        server = new ScriptedServer(phone);
        TestParts.server = server;
        TestParts.commands.clear();
        TestParts.nested.clear();
        TestParts.tellInside = TestParts.inCommand = false;
        MainActivity.events.clear();
        MainActivity.adopted.clear();
        phone.ensureProcess();
        phone.run(() -> Clarion.signIn(phone.process().context, setup()));
        phone.settle();
        phone.kill(false);
    }

    Setup setup() {
        return new Setup("https://calls.example.test", "acme", "bob", "bob-phone", List.of(server.verifyKey()), "", "{}",
                parts().getName(), "", 0);
    }

    /** What the app brings along. */
    Class<?> parts() {
        return TestParts.class;
    }

    // ---- steps of a story ----

    final void ring() {
        push(server.call(CALL));
    }

    final void push(Map<String, String> data) {
        phone.push(data, true);
        phone.advance(500);
    }

    final Notification incoming() {
        Shade.Posted posted = phone.shade.incoming();
        assertNotNull("nothing rings; the log: " + phone.logged, posted);
        return posted.notification;
    }

    final boolean rings() {
        return phone.shade.incoming() != null;
    }

    final boolean sounds() {
        return phone.shade.all().stream().anyMatch(it -> it.sounds);
    }

    final void accept() {
        phone.tap(answerOf(incoming()));
        phone.advance(500);
    }

    final void decline() {
        phone.tap(declineOf(incoming()));
        phone.advance(500);
    }

    static android.app.PendingIntent answerOf(Notification notification) {
        return notification.callStyle != null ? notification.callStyle.answer : notification.actions[1].actionIntent;
    }

    static android.app.PendingIntent declineOf(Notification notification) {
        return notification.callStyle != null ? notification.callStyle.decline : notification.actions[0].actionIntent;
    }

    /** Media came up: the engine calls the call connected. */
    final void mediaConnect() {
        phone.run(() -> Clarion.tell(phone.process().context, ScriptedServer.json("type", "media_connected", "call_id", CALL)));
        phone.advance(100);
    }

    final List<org.json.JSONObject> calls() {
        List<org.json.JSONObject> all = new ArrayList<>();
        phone.ensureProcess();
        phone.run(() -> all.addAll(ScriptedServer.list(Clarion.calls(phone.process().context))));
        return all;
    }

    final void assertQuiet() {
        assertEquals("a notification of a call that is over", List.of(),
                phone.shade.all().stream().filter(it -> it.tag == null).map(it -> it.notification.title).toList());
        assertNull("a service for nothing", phone.services.foreground());
        assertEquals("a line of a call that is over", List.of(), phone.exchange.lines());
    }

    final boolean serviceRuns() {
        return phone.services.foreground() != null;
    }

    static <T> long count(List<T> all, Predicate<T> which) {
        return all.stream().filter(which).count();
    }
}
