// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import android.app.Notification;
import android.app.PendingIntent;
import android.content.pm.ServiceInfo;
import android.telecom.Connection;
import android.telecom.DisconnectCause;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What somebody who looks at the phone sees, told as the lines of lab/phone: only what stands in the shade, in Telecom
 * and among the services, never what the shell was asked to do. Thread: with the phone's lock.
 */
final class Screen {
    private enum Stage { INCOMING, CONNECTING, TALKING, ON_HOLD }

    private record Seen(Stage stage, String name, String handle) {}

    private record Tap(String what, long action) {}

    private final ShellProcess process;
    private Map<String, Seen> calls = new LinkedHashMap<>();
    private Map<String, Seen> missed = new LinkedHashMap<>();
    private final Map<String, Tap> taps = new LinkedHashMap<>(); // Whose result nobody saw yet.
    private Integer service; // Its types, while it is in the foreground.

    Screen(ShellProcess process) {
        this.process = process;
    }

    /** The user touched this; what comes of it is the action's result. */
    void expect(String call, String what, long action) {
        taps.put(call, new Tap(what, action));
    }

    static String callOf(Notification notification) {
        PendingIntent touched = notification.contentIntent;
        return touched == null ? null : touched.intent.getData().getSchemeSpecificPart();
    }

    void watch() {
        Map<String, Seen> now = new LinkedHashMap<>();
        Map<String, Seen> nowMissed = new LinkedHashMap<>();
        for (Shade.Posted posted : process.phone.shade.all()) {
            Notification notification = posted.notification;
            String call = callOf(notification);
            if (call == null) continue; // The service's, of no call.
            Map<String, Seen> into = posted.tag == null ? now : nowMissed;
            into.put(call, new Seen(stageOf(call, notification), notification.title, notification.text));
        }
        Map<String, Seen> before = calls;
        calls = now;
        now.forEach((call, seen) -> changed(call, before.get(call), seen));
        before.keySet().stream().filter(it -> !now.containsKey(it)).forEach(this::gone);
        watchMissed(nowMissed);
        watchService();
    }

    private Stage stageOf(String call, Notification notification) {
        if (notification.fullScreenIntent != null) return Stage.INCOMING;
        Connection line = process.phone.exchange.line(call);
        if (line != null && line.getState() == Connection.STATE_HOLDING) return Stage.ON_HOLD;
        return notification.chronometer ? Stage.TALKING : Stage.CONNECTING;
    }

    private void changed(String call, Seen before, Seen now) {
        if (now.equals(before)) return;
        if (now.stage == Stage.INCOMING) {
            if (before == null) {
                process.say("report_incoming", "call_id", call, "name", now.name, "handle", now.handle, "media", "audio",
                        "ring_for", 0);
            }
            return;
        }
        if (before == null) {
            process.say("update_system_call", "call_id", call, "name", now.name, "handle", now.handle, "media", "audio");
        }
        if (before != null && before.stage == now.stage) return;
        switch (now.stage) {
            case TALKING -> {
                if (!fulfilled(call, "answer", "resume")) process.say("report_outgoing_connected", "call_id", call);
            }
            case ON_HOLD -> fulfilled(call, "hold");
            default -> { }
        }
    }

    private boolean fulfilled(String call, String... what) {
        Tap tap = taps.get(call);
        if (tap == null || !List.of(what).contains(tap.what)) return false;
        taps.remove(call);
        process.say("fulfil_action", "call_id", call, "action", tap.action);
        return true;
    }

    private void gone(String call) {
        if (!fulfilled(call, "end")) process.say("end_system_call", "call_id", call, "reason", reasonOf(call));
        taps.remove(call);
    }

    /** As Telecom was told: what a watch or a car shows of it. */
    private String reasonOf(String call) {
        DisconnectCause cause = process.phone.exchange.causeOf(call);
        return switch (cause == null ? DisconnectCause.ERROR : cause.getCode()) {
            case DisconnectCause.REMOTE, DisconnectCause.LOCAL -> "remote_ended";
            case DisconnectCause.MISSED -> "unanswered";
            case DisconnectCause.ANSWERED_ELSEWHERE -> "answered_elsewhere";
            case DisconnectCause.REJECTED -> "declined_elsewhere";
            default -> "failed";
        };
    }

    private void watchMissed(Map<String, Seen> now) {
        for (Map.Entry<String, Seen> one : now.entrySet()) {
            if (missed.containsKey(one.getKey())) continue;
            process.say("show_missed_call", "call_id", one.getKey(), "name", one.getValue().name, "media", "audio");
        }
        for (String call : new ArrayList<>(missed.keySet())) {
            if (!now.containsKey(call)) process.say("hide_missed_call", "call_id", call);
        }
        missed = now;
    }

    private void watchService() {
        Services.Running its = process.phone.services.foreground();
        Integer types = its == null ? null : (Integer) its.types;
        if (java.util.Objects.equals(types, service)) return;
        service = types;
        if (types == null) {
            process.say("stop_foreground_service");
        } else {
            boolean microphone = (types & ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE) != 0;
            process.say("start_foreground_service", "microphone", microphone);
        }
    }
}
