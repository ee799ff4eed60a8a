// SPDX-License-Identifier: Apache-2.0
package android.app;

import android.media.AudioAttributes;
import android.net.Uri;
import android.os.Parcelable;

public final class NotificationChannel implements Parcelable {
    private final String id;
    private final CharSequence name;
    private int importance;
    private Uri sound = Uri.parse("content://settings/system/notification_sound");
    private long[] vibration;
    private boolean vibrates;

    public NotificationChannel(String id, CharSequence name, int importance) {
        this.id = id;
        this.name = name;
        this.importance = importance;
    }

    public String getId() {
        return id;
    }

    public CharSequence getName() {
        return name;
    }

    public int getImportance() {
        return importance;
    }

    /** Before the channel is created by the app; afterwards only the user may (AND-NOT-05). */
    public void setImportance(int importance) {
        this.importance = importance;
    }

    public void setSound(Uri sound, AudioAttributes attributes) {
        this.sound = sound;
    }

    public Uri getSound() {
        return sound;
    }

    public void enableVibration(boolean on) {
        vibrates = on;
    }

    public boolean shouldVibrate() {
        return vibrates;
    }

    public void setVibrationPattern(long[] pattern) {
        vibration = pattern;
    }

    public long[] getVibrationPattern() {
        return vibration;
    }

    public void setLockscreenVisibility(int visibility) {}

    public int getLockscreenVisibility() {
        return Notification.VISIBILITY_PUBLIC;
    }
}
