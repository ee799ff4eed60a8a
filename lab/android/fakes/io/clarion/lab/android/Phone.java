// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import android.app.Application;
import android.app.PendingIntent;
import android.content.BroadcastReceiver;
import android.content.Intent;
import android.net.ConnectivityManager;
import android.net.Network;
import android.os.Build;
import com.google.firebase.messaging.FirebaseMessagingService;
import com.google.firebase.messaging.RemoteMessage;
import java.io.File;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A virtual Android phone: the fakes of android.* ask it, and it keeps Android's rules (docs/rules/android.md) for the
 * app of one manifest, under virtual time. Its violations and crashes are in {@link #violations}.
 *
 * Thread: one. Everything that the app is told comes out of {@link #advance}.
 */
public final class Phone {
    public static final int LOWEST = 26;
    public static final String PACKAGE = "org.example.phone";
    static final long START_DEADLINE = 5_000; // AND-FGS-01
    static final long RESTART_DELAY = 1_000;
    static final long HEADS_UP = 60_000; // AND-FSI-04
    static final long PUSH_EXEMPTION = 10_000; // AND-FGS-03, knob
    static final long TAP_EXEMPTION = 5_000; // AND-BAL-01, knob
    static final long PUSH_WINDOW = 20_000; // AND-FCM-04, knob
    static final long RECEIVER_WINDOW = 10_000; // AND-PWR-09

    private static Phone current;

    public final int api;
    public final Installed installed;
    public final File disk;
    public final Shade shade = new Shade(this);
    public final Services services = new Services(this);
    public final Activities activities = new Activities(this);
    public final Exchange exchange = new Exchange(this);
    public final List<String> violations = new ArrayList<>();
    public final List<String> dropped = new ArrayList<>();
    public final StringBuilder logged = new StringBuilder();
    public final Map<Object, PendingIntent> pendingIntents = new HashMap<>();
    public final Set<String> granted = new HashSet<>();
    /** Called when a process begins: the heap of the one before is gone. */
    public Runnable heapIsNew = () -> {};
    /** Called when it is over. */
    public Runnable processEnded = () -> {};
    public Consumer<String> onViolation = text -> {};
    public String mainActivity = "";
    public Integer tone;
    public boolean hasTelecom = true;
    public boolean noTones;
    public boolean mayUseFullScreen = true;
    public boolean notificationsOff;
    public boolean restricted;
    public boolean restartsServices = true;
    /** Somebody else kills what nothing keeps in the background. */
    public boolean neverFreezes;
    /** How long the system takes to tell a new callback of the network that is there. */
    public long networkToldAfter;
    public boolean locked;
    public boolean everUnlocked = true;
    public boolean screenOn = true;
    public boolean stopped;

    private long elapsed = 1_000_000;
    private long uptime = 400_000;
    private long order;
    private int boots = 7;
    private int steps;
    private int dieAt = -1;
    private long exemptUntil = -1;
    private long tapUntil = -1;
    private long bootUntil = -1;
    private Process process;
    private Network network = new Network();
    private final PriorityQueue<Task> system = new PriorityQueue<>();
    private final PriorityQueue<Task> app = new PriorityQueue<>();

    private record Task(long at, long order, Process process, Runnable work) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    /** One life of the app's process. */
    public final class Process {
        public final Application context = new Application();
        public final List<Application.ActivityLifecycleCallbacks> lifecycle = new ArrayList<>();
        public final Set<Object> wakeLocks = new HashSet<>();
        public final List<ConnectivityManager.NetworkCallback> networkCallbacks = new ArrayList<>();
        public boolean alive = true;
        public boolean inReceiver;

        public void post(Runnable work, long delay) {
            app.add(new Task(uptime + delay, ++order, this, work));
        }

        public void unpost(Runnable work) {
            app.removeIf(it -> it.work == work);
        }
    }

    /** A broadcast on its way through a receiver. */
    public final class Delivery {
        private final Process its;
        private boolean open = true;
        private boolean later;

        Delivery(Process its) {
            this.its = its;
            its.wakeLocks.add(this); // The system keeps the device awake for it.
        }

        public BroadcastReceiver.PendingResult async() {
            later = true;
            return new BroadcastReceiver.PendingResult(this::finish);
        }

        /** What nothing keeps any more may be frozen at this moment (AND-PWR-07). */
        void finish() {
            open = false;
            its.wakeLocks.remove(this);
            at(elapsed, () -> freeze(its));
        }

        void returned() {
            if (!later) finish();
        }

        public boolean isOpen() {
            return open && later;
        }
    }

    public Phone(int api, File manifest, File disk) {
        this.api = api;
        this.installed = new Installed(manifest);
        this.disk = disk;
        current = this;
        Build.VERSION.SDK_INT = api;
        granted.add("android.permission.RECORD_AUDIO");
        granted.add("android.permission.POST_NOTIFICATIONS");
    }

    public static Phone current() {
        return current;
    }

    /** Every call of the app into the system goes through here: the process may be dead, or die at this step. */
    public static void step(String what) {
        Phone phone = current;
        if (phone.process == null || !phone.process.alive) throw new ProcessDeath();
        phone.steps += 1;
        if (phone.steps != phone.dieAt) return;
        phone.kill(phone.restartsServices);
        throw new ProcessDeath();
    }

    /** A member that this phone's level does not have yet. */
    public static void since(int level) {
        if (current.api < level) throw new NoSuchMethodError("API " + level + " on a device of " + current.api);
    }

    public static Process here() {
        return current.process;
    }

    // ---- time ----

    public long elapsed() {
        return elapsed;
    }

    public long uptime() {
        return uptime;
    }

    /** Timers of the app stand still while the device sleeps. */
    private boolean isAwake() {
        return screenOn || (process != null && !process.wakeLocks.isEmpty());
    }

    public void at(long when, Runnable work) {
        system.add(new Task(when, ++order, null, work));
    }

    /** Lets so many milliseconds pass, with everything that happens in them. */
    public void advance(long milliseconds) {
        long until = elapsed + milliseconds;
        while (true) {
            long next = nextDue();
            if (next > until) break;
            pass(next - elapsed);
            Task task = systemDue() <= appDue() ? system.poll() : app.poll();
            if (task.process == null || task.process.alive) run(task.work);
        }
        pass(until - elapsed);
    }

    /** When something happens next, in {@link #elapsed}; at once: now. */
    public long nextDue() {
        return Math.min(systemDue(), appDue());
    }

    private long systemDue() {
        Task next = system.peek();
        return next == null ? Long.MAX_VALUE : Math.max(next.at, elapsed);
    }

    private long appDue() {
        Task next = app.peek();
        if (next == null) return Long.MAX_VALUE;
        if (next.at <= uptime) return elapsed;
        return isAwake() ? elapsed + (next.at - uptime) : Long.MAX_VALUE;
    }

    private void pass(long milliseconds) {
        if (isAwake()) uptime += milliseconds;
        elapsed += milliseconds;
    }

    /** Real time: the clock, without what happens; {@link #settle} does that. */
    public void passTo(long now) {
        pass(Math.max(0, now - elapsed));
    }

    /** Everything that is due now. */
    public void settle() {
        advance(0);
    }

    /** Work of the app: it may crash, or die under way. */
    public void run(Runnable work) {
        try {
            work.run();
        } catch (ProcessDeath death) {
            // Its process is gone already.
        } catch (RuntimeException | LinkageError crash) {
            violate("CRASH", crash + " at " + java.util.Arrays.stream(crash.getStackTrace()).limit(8).toList());
            kill(restartsServices);
        }
    }

    // ---- the process ----

    public Process process() {
        return process;
    }

    public Process ensureProcess() {
        if (process != null) return process;
        process = new Process();
        process.context.attach(new AppContext(process, false));
        heapIsNew.run();
        return process;
    }

    /** Dies at the step of this number, counted from now; its steps so far are the result. */
    public int dieAtStep(int step) {
        int before = steps;
        dieAt = step < 0 ? -1 : steps + step;
        return before;
    }

    public int steps() {
        return steps;
    }

    /** Low memory, a crash of native code, the task manager: without a word to the app (AND-PWR-08, C-2). */
    public void kill(boolean restarts) {
        if (process == null) return;
        Process its = process;
        its.alive = false;
        process = null;
        app.removeIf(it -> it.process == its);
        activities.clear();
        exchange.died();
        services.died(restarts);
        processEnded.run();
    }

    void crash(String rule, String text) {
        violate(rule, text);
        kill(restartsServices);
        throw new ProcessDeath();
    }

    public void violate(String rule, String text) {
        violations.add(rule + ": " + text);
        onViolation.accept(rule + ": " + text);
    }

    public void log(String text) {
        logged.append(text).append('\n');
    }

    Object make(String name) {
        try {
            return Class.forName(name).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException broken) {
            throw new IllegalStateException(name, broken);
        }
    }

    // ---- permissions and exemptions ----

    public boolean isGranted(String permission) {
        boolean declared = installed.permissions.contains(permission);
        boolean runtime = permission.endsWith(".RECORD_AUDIO") || (api >= 33 && permission.endsWith(".POST_NOTIFICATIONS"));
        return declared && (!runtime || granted.contains(permission));
    }

    public void needPermission(String permission) {
        if (!installed.permissions.contains(permission)) throw new SecurityException("requires " + permission);
    }

    /** AND-FGS-02. */
    boolean mayStartForeground() {
        return mayStartForegroundNow() || elapsed <= bootUntil;
    }

    boolean mayStartForegroundNow() {
        return activities.visible() || elapsed <= exemptUntil || elapsed <= tapUntil;
    }

    /** AND-FGS-12: the exemption of a boot is not for calls from 35 on. */
    boolean isBooting() {
        return api >= 35 && elapsed <= bootUntil;
    }

    /** AND-FGS-04; a tap that only sent a broadcast is not enough. */
    boolean mayUseWhileInUse() {
        return activities.visible();
    }

    boolean mayStartActivity() {
        return api < 29 || activities.visible();
    }

    public Network network() {
        return network;
    }

    public int bootCount() {
        return boots;
    }

    public Intent launchIntent() {
        return new Intent(Intent.ACTION_MAIN).setClassName(PACKAGE, mainActivity);
    }

    // ---- what happens to a phone ----

    /** A data message of FCM. False: it did not arrive. */
    public boolean push(Map<String, String> data, boolean highPriority) {
        if (stopped) return false; // AND-FCM-12
        if (highPriority) exemptUntil = elapsed + PUSH_EXEMPTION;
        fcm(service -> service.onMessageReceived(new RemoteMessage(data)));
        return true;
    }

    /** FCM gives the app another token: at its first start, after a restore, or when the one before is not good any more. */
    public void newToken(String token) {
        fcm(service -> service.onNewToken(token));
    }

    private void fcm(Consumer<FirebaseMessagingService> what) {
        String service = installed.components.values().stream()
                .filter(it -> it.actions.contains("com.google.firebase.MESSAGING_EVENT")).findFirst().orElseThrow().name;
        Process its = ensureProcess();
        at(elapsed + PUSH_WINDOW, () -> freeze(its));
        run(() -> {
            FirebaseMessagingService receiver = (FirebaseMessagingService) make(service);
            receiver.attach(its.context);
            what.accept(receiver);
        });
        settle();
    }

    /** AND-FCM-04, AND-PWR-07: a process in the background that nothing keeps is as good as dead. */
    private void freeze(Process its) {
        if (neverFreezes) return;
        if (process == its && services.foreground() == null && !activities.visible()) kill(false);
    }

    /** The user touches something that carries a pending intent. */
    public void sendByUser(PendingIntent intent, boolean touched) {
        if (intent.cancelled) return;
        if (touched) tapUntil = elapsed + TAP_EXEMPTION;
        stopped = false;
        if (intent.startsActivity) {
            activities.launch(intent.intent);
        } else {
            broadcast(new Intent(intent.intent), true);
        }
    }

    public void tap(PendingIntent intent) {
        sendByUser(intent, true);
        settle();
    }

    private void broadcast(Intent intent, boolean fromNotification) {
        String name = intent.getComponent().getClassName();
        if (!installed.components.containsKey(name)) {
            violate("AND-26-COMPONENT", name + " is not in the manifest");
            return;
        }
        Process its = ensureProcess();
        its.post(() -> {
            BroadcastReceiver receiver = (BroadcastReceiver) make(name);
            receiver.delivery = new Delivery(its);
            its.inReceiver = fromNotification;
            try {
                receiver.onReceive(its.context, intent);
            } finally {
                its.inReceiver = false;
            }
            receiver.delivery.returned();
            at(elapsed + RECEIVER_WINDOW, () -> {
                if (its.alive && receiver.delivery.isOpen()) violate("AND-PWR-09", "a broadcast that took longer than 10 s");
            });
        }, 0);
    }

    /** The user opens the app from the launcher. */
    public void openApp() {
        stopped = false;
        screenOn = true;
        if (everUnlocked) locked = false;
        activities.launch(launchIntent());
        settle();
    }

    /** The user goes elsewhere. */
    public void leaveApp() {
        activities.all().forEach(it -> it.resumed = false);
    }

    public void lock() {
        leaveApp();
        locked = true;
        screenOn = false;
    }

    /** Swiped out of the list of recent apps: no kill on stock Android (AND-PWR-08). */
    public void removeTask() {
        activities.all().forEach(activities::finish);
        run(services::taskRemoved);
        settle();
    }

    /** AND-PWR-05. */
    public void forceStop() {
        kill(false);
        shade.clear();
        system.clear();
        stopped = true;
        if (api >= 35) pendingIntents.values().forEach(it -> it.cancelled = true);
        if (api >= 35) pendingIntents.clear();
    }

    /** AND-NOT-09, AND-PWR-06: nothing is left but the disk, and that only in part until the user unlocks. */
    public void reboot() {
        kill(false);
        shade.clear();
        system.clear();
        pendingIntents.clear();
        boots += 1;
        elapsed = 20_000;
        uptime = 20_000;
        exemptUntil = tapUntil = -1;
        everUnlocked = false;
        locked = true;
        screenOn = false;
        if (stopped) return;
        bootUntil = elapsed + PUSH_EXEMPTION;
        String action = Intent.ACTION_LOCKED_BOOT_COMPLETED;
        for (Installed.Component component : installed.components.values()) {
            if (!component.actions.contains(action)) continue;
            if (!component.directBootAware) violate("AND-PWR-06", component.name + " is not direct-boot aware");
            broadcast(new Intent(action).setClassName(PACKAGE, component.name), false);
        }
        settle();
    }

    public void networkChanges() {
        network = new Network();
        Network now = network;
        if (process != null) new ArrayList<>(process.networkCallbacks).forEach(it -> run(() -> it.onAvailable(now)));
    }

    /** AND-FGS-14: from the list of running apps (33). */
    public void stopByTaskManager() {
        kill(false);
        shade.clear();
    }
}
