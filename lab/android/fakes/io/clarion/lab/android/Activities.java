// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import android.app.Activity;
import android.app.Application;
import android.app.PendingIntent;
import android.content.Intent;
import java.util.ArrayList;
import java.util.List;

/** Activities, and who may start them. */
public final class Activities {
    private final List<Activity> all = new ArrayList<>();
    private final Phone phone;
    private Activity starting; // The one that is coming up has the rights of one that is in front.

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
        Phone.Process process = phone.process();
        activity.resumed = false;
        process.post(() -> {
            all.remove(activity);
            activity.destroy();
        }, 0);
    }

    void clear() {
        all.clear();
    }
}
