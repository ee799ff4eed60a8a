// SPDX-License-Identifier: Apache-2.0
package android.app;

import android.content.ContextWrapper;
import android.content.Intent;
import android.os.IBinder;
import io.clarion.lab.android.Api;
import io.clarion.lab.android.Phone;

public abstract class Service extends ContextWrapper {
    public static final int START_STICKY = 1;
    public static final int START_NOT_STICKY = 2;
    public static final int STOP_FOREGROUND_REMOVE = 1;

    public Service() {
        super(null);
    }

    public void onCreate() {}

    public int onStartCommand(Intent intent, int flags, int startId) {
        return START_STICKY;
    }

    public void onDestroy() {}

    public void onTaskRemoved(Intent rootIntent) {}

    public abstract IBinder onBind(Intent intent);

    public final void startForeground(int id, Notification notification) {
        Phone.step("startForeground");
        Phone.current().services.foreground(this, id, notification, null);
    }

    @Api(29)
    public final void startForeground(int id, Notification notification, int types) {
        Phone.since(29);
        Phone.step("startForeground");
        Phone.current().services.foreground(this, id, notification, types);
    }

    public final void stopForeground(int flags) {
        Phone.step("stopForeground");
        Phone.current().services.background(this);
    }

    public final void stopSelf() {
        Phone.step("stopSelf");
        Phone.current().services.stop(this);
    }
}
