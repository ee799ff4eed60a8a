// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import android.app.Activity;
import android.app.Application;
import android.app.PendingIntent;
import android.content.Intent;
import android.content.pm.PackageManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Activities, and who may start them. */
public final class Activities {
    private final List<Activity> all = new ArrayList<>();
    private final Phone phone;
    /** Permissions that the user was asked for, and pages of the settings that came up. */
    public final List<String> asked = new ArrayList<>();
    public final List<String> settings = new ArrayList<>();
    private Activity starting; // The one that is coming up has the rights of one that is in front.
    private Prompt prompt;

    /** A question that the user has not answered. It belongs to its activity, whatever object stands for that. */
    private record Prompt(Activity of, int request, String[] permissions) {}

    Activities(Phone phone) {
        this.phone = phone;
    }

    public List<Activity> all() {
        return new ArrayList<>(all);
    }

    @SuppressWarnings("unchecked")
    public <T extends Activity> T find(Class<T> type) {
        return (T) all.stream().filter(type::isInstance).findFirst().orElse(null);
    }

    /** Something of the app is in front of the user. */
    public boolean visible() {
        return phone.screenOn && all.stream().anyMatch(it -> it.resumed && (!phone.locked || showsWhenLocked(it)));
    }

    private boolean showsWhenLocked(Activity activity) {
        Installed.Component component = phone.installed.components.get(activity.getClass().getName());
        boolean declared = component != null && component.showWhenLocked && phone.api >= 27;
        return declared || activity.showsWhenLocked || (activity.getWindow().flags & 524288) != 0;
    }

    public void startFromActivity(Activity from, Intent intent) {
        if (!from.resumed && from != starting && !phone.mayStartActivity()) {
            phone.violate("AND-BAL-01", "an activity from one that is not in front");
            return;
        }
        launch(intent);
    }

    void startFromElsewhere(Phone.Process process, Intent intent) {
        if (phone.api >= 31 && process.inReceiver) {
            phone.violate("AND-NOT-10", "an activity by way of a receiver");
            return;
        }
        if (phone.api >= 29 && !visible() && !phone.mayStartActivity()) {
            phone.violate("AND-BAL-01", "an activity from the background");
            return;
        }
        launch(intent);
    }

    void fullScreen(PendingIntent page) {
        if (!page.cancelled) launch(page.intent);
    }

    void launch(Intent intent) {
        if (intent.getComponent() == null) {
            settings.add(intent.getAction()); // Another app's.
            return;
        }
        Phone.Process process = phone.ensureProcess();
        process.post(() -> show(process, intent), 0);
    }

    private void show(Phone.Process process, Intent intent) {
        String name = intent.getComponent().getClassName();
        if (!phone.installed.components.containsKey(name) && !name.equals(phone.mainActivity)) {
            phone.violate("AND-26-COMPONENT", name + " is not in the manifest");
            return;
        }
        Activity there = all.stream().filter(it -> it.getClass().getName().equals(name) && !it.finishing).findFirst().orElse(null);
        if (there != null) {
            there.renew(new Intent(intent));
        } else {
            there = (Activity) phone.make(name);
            there.attach(process.context);
            there.setIntent(new Intent(intent));
            all.add(there);
            starting = there;
            there.create();
        }
        starting = null;
        if (there.finishing || !phone.screenOn) return;
        there.resume();
        for (Application.ActivityLifecycleCallbacks callbacks : process.lifecycle) callbacks.onActivityResumed(there);
    }

    public void finish(Activity activity) {
        if (!all.contains(activity)) return;
        if (prompt != null && prompt.of == activity) prompt = null;
        Phone.Process process = phone.process();
        activity.resumed = false;
        process.post(() -> {
            all.remove(activity);
            activity.destroy();
        }, 0);
    }

    void clear() {
        all.clear();
        prompt = null;
    }

    /** The device is turned: every activity is another object, with the same task, intent and question. */
    public void rotate() {
        for (Activity old : all()) {
            Activity next = (Activity) phone.make(old.getClass().getName());
            next.attach(phone.process().context);
            next.setIntent(old.getIntent());
            boolean inFront = old.resumed;
            old.changing = true;
            old.destroy();
            all.set(all.indexOf(old), next);
            if (prompt != null && prompt.of == old) prompt = new Prompt(next, prompt.request, prompt.permissions);
            next.create();
            if (inFront) next.resume();
        }
    }

    // ---- permissions ----

    public void ask(Activity from, int request, String[] permissions) {
        if (request < 0) throw new IllegalArgumentException("requestCode should be >= 0");
        if (prompt != null) { // One question at a time: this one is over before it began.
            from.onRequestPermissionsResult(request, new String[0], new int[0]);
            return;
        }
        prompt = new Prompt(from, request, permissions);
        asked.addAll(List.of(permissions));
    }

    /** The user's word on the question that stands. */
    public void answer(boolean granted) {
        Prompt its = prompt;
        prompt = null;
        if (granted) phone.granted.addAll(List.of(its.permissions));
        int[] results = new int[its.permissions.length];
        Arrays.fill(results, granted ? PackageManager.PERMISSION_GRANTED : PackageManager.PERMISSION_DENIED);
        phone.process().post(() -> its.of.onRequestPermissionsResult(its.request, its.permissions, results), 0);
        phone.settle();
    }
}
