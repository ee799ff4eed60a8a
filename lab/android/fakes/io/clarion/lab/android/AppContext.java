// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import android.app.ActivityManager;
import android.app.NotificationManager;
import android.content.ComponentName;
import android.content.ContentResolver;
import android.content.Context;
import android.content.Intent;
import android.content.pm.ApplicationInfo;
import android.content.pm.PackageManager;
import android.net.ConnectivityManager;
import android.os.PowerManager;
import android.telecom.TelecomManager;
import android.util.AndroidRuntimeException;
import java.io.File;

/** The application's context. */
final class AppContext extends Context {
    private final Phone.Process process;
    private final boolean deviceProtected;

    AppContext(Phone.Process process, boolean deviceProtected) {
        this.process = process;
        this.deviceProtected = deviceProtected;
    }

    @Override
    public Context getApplicationContext() {
        return process.context;
    }

    @Override
    public Object getSystemService(String name) {
        return switch (name) {
            case ACTIVITY_SERVICE -> new ActivityManager();
            case CONNECTIVITY_SERVICE -> new ConnectivityManager(process);
            case NOTIFICATION_SERVICE -> new NotificationManager(process);
            case POWER_SERVICE -> new PowerManager(process);
            case TELECOM_SERVICE -> Phone.current().hasTelecom ? new TelecomManager() : null;
            default -> null;
        };
    }

    @Override
    public Context createDeviceProtectedStorageContext() {
        return new AppContext(process, true);
    }

    @Override
    public File getNoBackupFilesDir() {
        // AND-PWR-06: before the first unlock after a boot only device-protected storage is there.
        if (!deviceProtected && !Phone.current().everUnlocked) {
            throw new IllegalStateException("SharedPreferences in credential encrypted storage are not available");
        }
        return new File(Phone.current().disk, deviceProtected ? "device" : "user");
    }

    @Override
    public ContentResolver getContentResolver() {
        return new ContentResolver() {};
    }

    @Override
    public String getPackageName() {
        return Phone.PACKAGE;
    }

    @Override
    public ApplicationInfo getApplicationInfo() {
        return new ApplicationInfo();
    }

    @Override
    public PackageManager getPackageManager() {
        return new PackageManager() {};
    }

    @Override
    public ComponentName startForegroundService(Intent intent) {
        Phone.step("startForegroundService");
        return Phone.current().services.startForeground(process, intent);
    }

    @Override
    public void startActivity(Intent intent) {
        Phone.step("startActivity");
        if ((intent.getFlags() & Intent.FLAG_ACTIVITY_NEW_TASK) == 0) {
            throw new AndroidRuntimeException("Calling startActivity() from outside of an Activity context requires the "
                    + "FLAG_ACTIVITY_NEW_TASK flag. Is this really what you want?");
        }
        Phone.current().activities.startFromElsewhere(process, intent);
    }

    @Override
    public int checkSelfPermission(String permission) {
        return Phone.current().isGranted(permission) ? PackageManager.PERMISSION_GRANTED : PackageManager.PERMISSION_DENIED;
    }
}
