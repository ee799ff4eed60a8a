// SPDX-License-Identifier: Apache-2.0
package android.content;

import android.content.pm.ApplicationInfo;
import android.content.pm.PackageManager;
import java.io.File;

public abstract class Context {
    public static final String ACTIVITY_SERVICE = "activity";
    public static final String CONNECTIVITY_SERVICE = "connectivity";
    public static final String NOTIFICATION_SERVICE = "notification";
    public static final String POWER_SERVICE = "power";
    public static final String TELECOM_SERVICE = "telecom";

    public Context() {}

    public abstract Context getApplicationContext();

    public abstract Object getSystemService(String name);

    public abstract Context createDeviceProtectedStorageContext();

    public abstract File getNoBackupFilesDir();

    public abstract ContentResolver getContentResolver();

    public abstract String getPackageName();

    public abstract ApplicationInfo getApplicationInfo();

    public abstract PackageManager getPackageManager();

    public abstract ComponentName startForegroundService(Intent intent);

    public abstract void startActivity(Intent intent);

    public abstract int checkSelfPermission(String permission);
}
