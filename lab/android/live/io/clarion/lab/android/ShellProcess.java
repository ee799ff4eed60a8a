// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import android.app.Notification;
import android.app.PendingIntent;
import android.telecom.Connection;
import android.view.ViewGroup;
import com.google.firebase.messaging.FirebaseMessagingService;
import io.clarion.android.CallActivity;
import io.clarion.android.Clarion;
import io.clarion.android.PushService;
import io.clarion.android.Setup;
import io.clarion.android.Store;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * One life of the app's process in real time: the real shell with its fakes, between the lines of lab/phone on stdin
 * and stdout. Whoever started it plays the rest of the phone, and may kill it.
 *
 * <p>Thread: everything that touches the phone holds its lock; the main thread is the main looper.
 */
public final class ShellProcess {
    private static final int API = 36;
    private static final int LINE_MAX = 64 * 1024;
    private static final int KILLED = 137;
    private static final int HEADSET_TRIES = 250;
    private static final long HEADSET_REST = 20;
    private static final int ACCEPT = 1; // Of the page's children.

    static ShellProcess current;
    boolean hasNetwork;

    final Phone phone;
    final Path state;
    private final Map<String, String> options = new HashMap<>();
    final List<String> voice = new ArrayList<>(); // What is said and heard: options of the voice's own program.
    private final Queue<String> inbox = new ArrayDeque<>();
    private final OutputStream lines = new FileOutputStream(java.io.FileDescriptor.out);
    private final Screen screen = new Screen(this);
    private int logged;

    public static void main(String[] arguments) throws Exception {
        current = new ShellProcess(arguments);
        synchronized (current.phone) {
            if (current.options.containsKey("--install")) {
                current.install();
            } else {
                current.run();
            }
        }
        System.exit(0);
    }

    private ShellProcess(String[] arguments) throws IOException {
        List<String> flags = List.of("--install", "--loopback", "--verbose");
        for (Iterator<String> all = List.of(arguments).iterator(); all.hasNext();) {
            String name = all.next();
            String value = flags.contains(name) ? "" : all.next();
            boolean ofVoice = List.of("--tone", "--play", "--record", "--loopback").contains(name);
            if (ofVoice) voice.add(name);
            if (ofVoice && !value.isEmpty()) voice.add(value);
            options.put(name, value);
        }
        state = Path.of(options.get("--state"));
        Files.createDirectories(state.resolve("phone"));
        phone = new Phone(API, new File(System.getProperty("clarion.manifest")), state.resolve("phone").toFile());
        phone.mainActivity = LiveApp.class.getName();
        phone.heapIsNew = Heap::forget;
        phone.passTo(now());
    }

    /** Monotonic, and the same for every process of this machine since its boot. */
    static long now() {
        return System.nanoTime() / 1_000_000;
    }

    // ---- before the first call ----

    /** The device's key is made by the shell; who registers the device reads it from the state's folder. */
    private void install() throws IOException {
        Path copy = state.resolve("box.key");
        Files.writeString(copy, new Store(phone.ensureProcess().context).boxKey() + "\n");
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
    }

    /** The app is used once, without a network, and killed. */
    private void signIn(JSONObject device) throws JSONException {
        Phone.Process process = phone.ensureProcess();
        if (new Store(process.context).setup() != null) {
            phone.kill(false);
            return;
        }
        Setup setup = new Setup(device.getString("server"), device.getString("service"), device.getString("user"),
                device.getString("device"), texts(device.getJSONArray("verify_keys")), device.optString("token"), "{}",
                LiveParts.class.getName(), "", 0);
        phone.run(() -> Clarion.signIn(process.context, setup));
        String token = options.get("--push-token");
        if (token != null) {
            phone.run(() -> {
                FirebaseMessagingService service = new PushService();
                service.attach(process.context);
                service.onNewToken(token);
            });
        }
        phone.settle();
        phone.kill(false);
    }

    /** OkHttp asks the platform whom to trust, as on a phone; here the platform is the JDK and its property. */
    private void trust(String authorities) throws IOException, GeneralSecurityException {
        if (authorities.isEmpty()) return;
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = new FileInputStream(authorities)) {
            int count = 0;
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("authority-" + count++, one);
            }
        }
        Path file = state.resolve("phone/trusted.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            trusted.store(out, "trusted".toCharArray());
        }
        System.setProperty("javax.net.ssl.trustStore", file.toString());
        System.setProperty("javax.net.ssl.trustStorePassword", "trusted");
    }

    private static List<String> texts(JSONArray array) throws JSONException {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < array.length(); ++i) all.add(array.getString(i));
        return all;
    }

    // ---- the main looper ----

    private void run() throws IOException, GeneralSecurityException, JSONException, InterruptedException {
        phone.onViolation = rule -> {
            say("rule_broken", "rule", rule);
            System.err.println(rule);
        };
        JSONObject device = new JSONObject(Files.readString(state.resolve("device.json")));
        trust(device.optString("ca_file"));
        signIn(device);
        hasNetwork = true;
        phone.processEnded = () -> {
            flushLog();
            Runtime.getRuntime().halt(KILLED);
        };
        phone.neverFreezes = true;
        phone.lock();
        thread("lines", this::readLines);
        say("launched");
        while (true) {
            phone.passTo(now());
            String line = inbox.poll();
            if (line != null) take(new JSONObject(line));
            phone.settle();
            screen.watch();
            flushLog();
            long rest = phone.nextDue() - now();
            if (inbox.isEmpty() && rest > 0) phone.wait(Math.min(rest, 60_000));
        }
    }

    /** Work of the app in a thread of its own: one of the link's or of the media's. */
    void enter(Runnable work) {
        synchronized (phone) {
            phone.passTo(now());
            phone.run(work);
            screen.watch();
            phone.notifyAll();
        }
    }

    static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Calls `take` for each line until the end; a line that is too long ends the process: nobody sends one. */
    static void forEachLine(InputStream in, java.util.function.Consumer<String> take) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                if (c != '\n') {
                    if (line.length() >= LINE_MAX) throw new IOException("a line of more than " + LINE_MAX);
                    line.append((char) c);
                    continue;
                }
                take.accept(line.toString());
                line.setLength(0);
            }
        } catch (IOException broken) {
            System.err.println("lines: " + broken);
        }
    }

    private void readLines() {
        forEachLine(System.in, line -> {
            synchronized (phone) {
                inbox.add(line);
                phone.notifyAll();
            }
        });
        Runtime.getRuntime().halt(0); // Whoever plays the phone is gone.
    }

    void flushLog() {
        System.err.print(phone.logged.substring(logged));
        System.err.flush();
        logged = phone.logged.length();
    }

    // ---- what the phone's other half says ----

    private void take(JSONObject fact) throws IOException, JSONException {
        String type = fact.getString("type");
        armDeath(type);
        String call = fact.optString("call_id");
        switch (type) {
            case "push_delivered" -> {
                phone.push(texts(fact.getJSONObject("data")), true);
                screen.watch();
                say("push_handler_returned");
            }
            case "app_opened" -> phone.openApp();
            case "user_answered" -> {
                screen.expect(call, "answer", fact.optLong("action"));
                answer(call);
            }
            case "user_ended" -> {
                screen.expect(call, "end", fact.optLong("action"));
                tap(call, ShellProcess::endOf);
            }
            case "user_held" -> {
                boolean on = fact.getBoolean("on");
                screen.expect(call, on ? "hold" : "resume", fact.optLong("action"));
                phone.exchange.headset(line -> {
                    if (on) {
                        line.onHold();
                    } else {
                        line.onUnhold();
                    }
                });
            }
            case "user_muted" -> phone.exchange.audio(fact.getBoolean("on"), 1);
            case "network_changed" -> phone.networkChanges();
            default -> { } // Words for systems that show calls themselves: the shade has shown it already.
        }
    }

    /** A file "LINE STEPS" kills the process once, so many calls into the system after that line came. */
    private void armDeath(String line) throws IOException {
        Path file = state.resolve("die-at");
        if (!Files.exists(file)) return;
        String[] words = Files.readString(file).trim().split(" ");
        if (!words[0].equals(line)) return;
        Files.delete(file);
        phone.dieAtStep(Integer.parseInt(words[1]));
    }

    /** On the page over the lock screen where there is one, else in the notification. */
    private void answer(String call) {
        CallActivity page = phone.activities.find(CallActivity.class);
        if ("headset".equals(options.get("--answer-with"))) {
            pressHeadset(call, HEADSET_TRIES);
        } else if (page != null && page.content != null) {
            phone.run(((ViewGroup) page.content).children.get(ACCEPT)::tap);
        } else {
            tap(call, it -> it.callStyle != null ? it.callStyle.answer : it.actions[1].actionIntent);
        }
    }

    /** Telecom takes a moment for the line that a headset acts on; who presses the button sees it ring there. */
    private void pressHeadset(String call, int tries) {
        Connection line = phone.exchange.line(call);
        if (line != null) {
            phone.run(line::onAnswer);
        } else if (tries > 0) {
            phone.at(phone.elapsed() + HEADSET_REST, () -> pressHeadset(call, tries - 1));
        }
    }

    private static PendingIntent endOf(Notification notification) {
        return notification.callStyle != null ? notification.callStyle.decline : notification.actions[0].actionIntent;
    }

    private void tap(String call, java.util.function.Function<Notification, PendingIntent> which) {
        for (Shade.Posted posted : phone.shade.all()) {
            if (posted.tag == null && call.equals(Screen.callOf(posted.notification))) {
                phone.tap(which.apply(posted.notification));
                return;
            }
        }
        System.err.println("nothing to tap for " + call);
    }

    private static Map<String, String> texts(JSONObject object) throws JSONException {
        Map<String, String> all = new HashMap<>();
        for (Iterator<?> names = object.keys(); names.hasNext();) {
            String name = (String) names.next();
            all.put(name, object.getString(name));
        }
        return all;
    }

    // ---- what it is told ----

    void say(String type, Object... fields) {
        try {
            JSONObject line = new JSONObject().put("type", type);
            for (int i = 0; i < fields.length; i += 2) line.put((String) fields[i], fields[i + 1]);
            lines.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException gone) {
            Runtime.getRuntime().halt(0);
        } catch (JSONException never) {
            throw new IllegalArgumentException(never);
        }
    }
}
