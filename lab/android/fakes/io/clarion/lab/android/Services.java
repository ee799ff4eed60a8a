// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import android.app.ForegroundServiceStartNotAllowedException;
import android.app.Notification;
import android.app.Service;
import android.content.ComponentName;
import android.content.Intent;
import android.content.pm.ServiceInfo;
import java.util.LinkedHashMap;
import java.util.Map;

/** Started services and the rules of those in the foreground. */
public final class Services {
    private static final int CALL = ServiceInfo.FOREGROUND_SERVICE_TYPE_PHONE_CALL;
    private static final int MICROPHONE = ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE;

    /** One started service. */
    public static final class Running {
        public Service service;
        public boolean foreground;
        /** Started by startForegroundService and not there yet (AND-FGS-01). */
        public boolean owes;
        /** By the system, after a crash (AND-FGS-15). */
        public boolean restarted;
        public int id;
        public int types;
        /** AND-FGS-10, AND-FGS-04: the service runs, the microphone gives silence. */
        public boolean microphoneIsSilent;
        boolean sticky;
    }

    private final Map<String, Running> running = new LinkedHashMap<>();
    private final Phone phone;

    Services(Phone phone) {
        this.phone = phone;
    }

    /** The one in the foreground, or null. */
    public Running foreground() {
        return running.values().stream().filter(it -> it.foreground).findFirst().orElse(null);
    }

    public boolean any() {
        return !running.isEmpty();
    }

    public ComponentName startForeground(Phone.Process process, Intent intent) {
        String name = intent.getComponent().getClassName();
        Installed.Component component = phone.installed.components.get(name);
        if (component == null || !component.kind.equals("service")) {
            phone.violate("AND-26-COMPONENT", name + " is not in the manifest");
            return null;
        }
        // AND-FGS-02
        if (phone.api >= 31 && !phone.mayStartForeground()) {
            throw new ForegroundServiceStartNotAllowedException(
                    "startForegroundService() not allowed due to mAllowStartForeground false: service " + name);
        }
        Running its = running.computeIfAbsent(name, ignored -> new Running());
        its.owes = true;
        its.restarted = false;
        phone.at(phone.elapsed() + Phone.START_DEADLINE, () -> {
            if (running.get(name) == its && its.owes && process.alive) {
                phone.crash("AND-FGS-01", "Context.startForegroundService() did not then call Service.startForeground()");
            }
        });
        process.post(() -> deliver(process, name, its, intent), 0);
        return intent.getComponent();
    }

    private void deliver(Phone.Process process, String name, Running its, Intent intent) {
        if (running.get(name) != its) return;
        if (its.service == null) {
            its.service = (Service) phone.make(name);
            its.service.attach(process.context);
            its.service.onCreate();
            if (running.get(name) != its) return;
        }
        its.sticky = its.service.onStartCommand(intent, 0, 1) == Service.START_STICKY;
    }

    public void foreground(Service service, int id, Notification notification, Integer types) {
        Running its = of(service);
        if (its == null) throw new IllegalStateException("a service that is over");
        its.owes = false;
        if (id == 0) throw new IllegalArgumentException("0 is no id of a notification");
        boolean again = its.restarted || phone.isBooting();
        if (phone.api >= 31 && !its.foreground && again && !phone.mayStartForegroundNow()) {
            throw new ForegroundServiceStartNotAllowedException("Service.startForeground() not allowed"); // AND-FGS-15
        }
        int wanted = checkTypes(service, types);
        if (phone.shade.channels.get(notification.getChannelId()) == null || notification.icon == 0) {
            phone.crash("AND-FGS", "Bad notification for startForeground");
        }
        if (its.foreground && its.id != id) phone.shade.serviceLeft(its.id);
        its.foreground = true;
        its.id = id;
        its.types = wanted;
        phone.shade.post(phone.process(), null, id, notification, true);
    }

    private int checkTypes(Service service, Integer types) {
        Installed.Component component = phone.installed.components.get(service.getClass().getName());
        int declared = (component.types.contains("phoneCall") ? CALL : 0) | (component.types.contains("microphone") ? MICROPHONE : 0);
        int wanted = types == null ? declared : types;
        if (phone.api >= 28) phone.needPermission("android.permission.FOREGROUND_SERVICE");
        if (phone.api < 29) return wanted;
        if ((wanted & ~declared) != 0) {
            throw new IllegalArgumentException("foregroundServiceType " + wanted + " is not a subset of the manifest's " + declared);
        }
        if (phone.api == 29) return wanted & CALL;
        boolean eligible = phone.mayUseWhileInUse();
        of(service).microphoneIsSilent = (wanted & MICROPHONE) == 0 || !eligible;
        if (phone.api < 34) return wanted;
        if (wanted == 0) throw new IllegalArgumentException("Starting FGS without a type"); // AND-FGS-05
        if ((wanted & CALL) != 0) {
            phone.needPermission("android.permission.FOREGROUND_SERVICE_PHONE_CALL"); // AND-FGS-06
            phone.needPermission("android.permission.MANAGE_OWN_CALLS"); // AND-FGS-07
        }
        if ((wanted & MICROPHONE) != 0) {
            phone.needPermission("android.permission.FOREGROUND_SERVICE_MICROPHONE");
            if (!phone.isGranted("android.permission.RECORD_AUDIO") || !eligible) { // AND-FGS-04, AND-FGS-08
                throw new SecurityException("Starting FGS with type microphone requires permissions and the app must be in "
                        + "the eligible state/exemptions to access the foreground only permission");
            }
        }
        return wanted;
    }

    public void background(Service service) {
        Running its = of(service);
        if (its == null || !its.foreground) return;
        its.foreground = false;
        phone.shade.serviceLeft(its.id);
    }

    public void stop(Service service) {
        Running its = of(service);
        if (its == null) return;
        running.values().remove(its);
        if (its.owes) {
            phone.crash("AND-FGS-01", "Bringing down service while still waiting for start foreground");
        }
        if (its.foreground) phone.shade.serviceLeft(its.id);
        phone.process().post(service::onDestroy, 0);
    }

    private Running of(Service service) {
        return running.values().stream().filter(it -> it.service == service).findFirst().orElse(null);
    }

    void taskRemoved() {
        for (Running its : running.values()) if (its.service != null) its.service.onTaskRemoved(new Intent());
    }

    /** The process died: what of it the system starts again, and when. */
    void died(boolean restarts) {
        Map<String, Running> were = new LinkedHashMap<>(running);
        running.clear();
        were.forEach((name, its) -> {
            if (its.foreground) phone.shade.serviceLeft(its.id);
            if (restarts && its.sticky) phone.at(phone.elapsed() + Phone.RESTART_DELAY, () -> restart(name));
        });
    }

    private void restart(String name) {
        Phone.Process process = phone.ensureProcess();
        if (running.containsKey(name)) return;
        Running its = new Running();
        its.restarted = true;
        running.put(name, its);
        process.post(() -> deliver(process, name, its, null), 0);
    }
}
