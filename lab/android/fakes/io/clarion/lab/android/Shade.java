// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.app.PendingIntent;
import android.service.notification.StatusBarNotification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The system's notifications. They outlive the process, but for those of its foreground service. */
public final class Shade {
    /** One that stands there. */
    public static final class Posted {
        public final String tag;
        public final int id;
        public final Notification notification;
        public boolean byService;
        /** A heads-up of a full-screen intent that was not granted goes into the shade after this (AND-FSI-04). */
        public long headsUpUntil;
        /** It makes noise: until it is changed into one that does not, or is gone. */
        public boolean sounds;

        Posted(String tag, int id, Notification notification) {
            this.tag = tag;
            this.id = id;
            this.notification = notification;
        }
    }

    public final Map<String, NotificationChannel> channels = new LinkedHashMap<>();
    private final Map<String, Posted> posted = new LinkedHashMap<>();
    private final Phone phone;

    Shade(Phone phone) {
        this.phone = phone;
    }

    /** AND-NOT-01. */
    public boolean isAllowed() {
        return phone.api < 33 ? !phone.notificationsOff : phone.isGranted("android.permission.POST_NOTIFICATIONS");
    }

    public void post(Phone.Process process, String tag, int id, Notification notification, boolean byService) {
        String key = tag + "/" + id;
        Posted before = posted.get(key);
        boolean ofService = byService || (before != null && before.byService);
        checkForm(notification, ofService);
        NotificationChannel channel = channels.get(notification.getChannelId());
        if (channel == null) {
            phone.violate("AND-26-CHANNEL", "no channel " + notification.getChannelId());
            return;
        }
        // AND-FGS-13: the service runs all the same; its notification stands only in the task manager.
        boolean hidden = (!isAllowed() && !isExempt(notification))
                || channel.getImportance() == NotificationManager.IMPORTANCE_NONE;
        if (hidden && !ofService) {
            phone.dropped.add(notification.title);
            return;
        }
        Posted now = new Posted(tag, id, notification);
        now.byService = ofService;
        if (hidden) {
            phone.dropped.add(notification.title);
            posted.remove(key);
            return;
        }
        posted.remove(key);
        posted.put(key, now);
        alert(process, before, now, channel);
        long timeout = notification.getTimeoutAfter();
        if (timeout > 0) phone.at(phone.elapsed() + timeout, () -> timeOut(key, now));
    }

    private void checkForm(Notification notification, boolean ofService) {
        if (notification.icon == 0) throw new IllegalArgumentException("Invalid notification (no valid small icon)");
        // AND-NOT-03; a full-screen intent that was asked for and not granted counts.
        boolean mayBeCall = ofService || notification.fullScreenIntent != null;
        if (notification.callStyle != null && !mayBeCall) {
            throw new IllegalArgumentException("Not posted. CallStyle notifications must be for a foreground service or "
                    + "user initated job or use a fullScreenIntent.");
        }
        if (notification.actions.length > 3) phone.violate("AND-NOT-04", "more than three actions");
        for (PendingIntent intent : intentsOf(notification)) {
            if (intent.cancelled) phone.violate("AND-PWR-05", "a pending intent that a force-stop cancelled");
        }
    }

    private static List<PendingIntent> intentsOf(Notification notification) {
        List<PendingIntent> all = new ArrayList<>();
        if (notification.contentIntent != null) all.add(notification.contentIntent);
        if (notification.fullScreenIntent != null) all.add(notification.fullScreenIntent);
        for (Notification.Action action : notification.actions) all.add(action.actionIntent);
        return all;
    }

    /** AND-NOT-02. */
    private boolean isExempt(Notification notification) {
        return notification.callStyle != null && phone.installed.permissions.contains("android.permission.MANAGE_OWN_CALLS")
                && phone.exchange.isRegistered();
    }

    private void alert(Phone.Process process, Posted before, Posted now, NotificationChannel channel) {
        Notification notification = now.notification;
        boolean audible = channel.getImportance() >= NotificationManager.IMPORTANCE_DEFAULT && channel.getSound() != null;
        boolean once = (notification.flags & Notification.FLAG_ONLY_ALERT_ONCE) != 0;
        boolean insistent = (notification.flags & Notification.FLAG_INSISTENT) != 0;
        // What sounds goes on through an update, unless its channel has no sound.
        boolean wentOn = before != null && before.sounds;
        now.sounds = audible && (wentOn || (insistent && (before == null || !once)));
        boolean isNews = before == null || !once;
        if (before != null) now.headsUpUntil = before.headsUpUntil;
        if (!isNews || notification.fullScreenIntent == null) return;
        if (channel.getImportance() < NotificationManager.IMPORTANCE_HIGH) return; // AND-FSI-05
        boolean declared = phone.api < 29 || phone.installed.permissions.contains("android.permission.USE_FULL_SCREEN_INTENT");
        boolean granted = declared && (phone.api < 34 || phone.mayUseFullScreen); // AND-FSI-01, AND-FSI-02
        boolean away = phone.locked || !phone.screenOn;
        now.headsUpUntil = granted ? Long.MAX_VALUE : phone.elapsed() + Phone.HEADS_UP;
        // AND-FSI-03: over a locked or dark screen the page comes up by itself.
        if (granted && away) phone.at(phone.elapsed(), () -> phone.activities.fullScreen(notification.fullScreenIntent));
        if (!phone.screenOn) phone.screenOn = true;
    }

    /** AND-NOT-08: the system does it, also when the app is dead; it leaves those of a service. */
    private void timeOut(String key, Posted its) {
        Posted now = posted.get(key);
        if (now != its || now.byService) return;
        posted.remove(key);
        if (its.notification.deleteIntent != null) phone.sendByUser(its.notification.deleteIntent, false);
    }

    /** The user's finger. False: it does not go (AND-NOT-06). */
    public boolean swipe(Posted its) {
        boolean stays = (its.notification.flags & Notification.FLAG_ONGOING_EVENT) != 0 && phone.api < 34;
        if (its.byService || its.notification.callStyle != null || stays) return false;
        posted.remove(its.tag + "/" + its.id);
        if (its.notification.deleteIntent != null) phone.sendByUser(its.notification.deleteIntent, false);
        return true;
    }

    public void cancel(String tag, int id) {
        Posted its = posted.get(tag + "/" + id);
        if (its != null && !its.byService) posted.remove(tag + "/" + id);
    }

    void serviceLeft(int id) {
        posted.remove(null + "/" + id);
    }

    void clear() {
        posted.clear();
    }

    public StatusBarNotification[] active() {
        return posted.values().stream().map(it -> new StatusBarNotification(it.tag, it.id, it.notification))
                .toArray(StatusBarNotification[]::new);
    }

    public List<Posted> all() {
        return new ArrayList<>(posted.values());
    }

    /** The one that asks for an answer. */
    public Posted incoming() {
        return posted.values().stream().filter(it -> it.notification.fullScreenIntent != null).findFirst().orElse(null);
    }

    public Posted missed() {
        return posted.values().stream().filter(it -> it.tag != null).findFirst().orElse(null);
    }

    /** One of a call that is placed, connects or is talked. */
    public Posted ongoing() {
        return posted.values().stream()
                .filter(it -> it.tag == null && it.notification.fullScreenIntent == null).findFirst().orElse(null);
    }
}
