// SPDX-License-Identifier: Apache-2.0
package android.content.pm;

import android.content.Intent;
import io.clarion.lab.android.Phone;

public abstract class PackageManager {
    public static final int PERMISSION_GRANTED = 0;
    public static final int PERMISSION_DENIED = -1;

    public Intent getLaunchIntentForPackage(String packageName) {
        return Phone.current().launchIntent();
    }
}
