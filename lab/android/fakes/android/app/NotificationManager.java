// SPDX-License-Identifier: Apache-2.0
package android.app;

import android.service.notification.StatusBarNotification;
import io.clarion.lab.android.Api;
import io.clarion.lab.android.Lab;
import io.clarion.lab.android.Phone;
import java.util.ArrayList;
import java.util.List;

public class NotificationManager {
    public static final int IMPORTANCE_NONE = 0;
    public static final int IMPORTANCE_LOW = 2;
    public static final int IMPORTANCE_DEFAULT = 3;
    public static final int IMPORTANCE_HIGH = 4;
    private final Phone.Process process;

    @Lab
    public NotificationManager(Phone.Process process) {
        this.process = process;
    }

    public void notify(int id, Notification notification) {
        notify(null, id, notification);
    }

    public void notify(String tag, int id, Notification notification) {
        Phone.step("notify");
        Phone.current().shade.post(process, tag, id, notification, false);
    }

    public void cancel(int id) {
        cancel(null, id);
    }

    public void cancel(String tag, int id) {
        Phone.step("cancel");
        Phone.current().shade.cancel(tag, id);
    }

    public StatusBarNotification[] getActiveNotifications() {
        Phone.step("getActiveNotifications");
        return Phone.current().shade.active();
    }

    public void createNotificationChannel(NotificationChannel channel) {
        Phone.step("createNotificationChannel");
        Phone.current().shade.channels.putIfAbsent(channel.getId(), channel);
    }

    public NotificationChannel getNotificationChannel(String id) {
        return Phone.current().shade.channels.get(id);
    }

    public List<NotificationChannel> getNotificationChannels() {
        return new ArrayList<>(Phone.current().shade.channels.values());
    }

    public boolean areNotificationsEnabled() {
        return Phone.current().shade.isAllowed();
    }

    @Api(34)
    public boolean canUseFullScreenIntent() {
        Phone.since(34);
        return Phone.current().mayUseFullScreen;
    }
}
