// SPDX-License-Identifier: Apache-2.0
package android.service.notification;

import android.app.Notification;
import android.os.Parcelable;
import io.clarion.lab.android.Lab;

public class StatusBarNotification implements Parcelable {
    private final String tag;
    private final int id;
    private final Notification notification;

    @Lab
    public StatusBarNotification(String tag, int id, Notification notification) {
        this.tag = tag;
        this.id = id;
        this.notification = notification;
    }

    public String getTag() {
        return tag;
    }

    public int getId() {
        return id;
    }

    public Notification getNotification() {
        return notification;
    }
}
