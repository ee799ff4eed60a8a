// SPDX-License-Identifier: Apache-2.0
package android.app;

import io.clarion.lab.android.Api;
import io.clarion.lab.android.Lab;
import io.clarion.lab.android.Phone;

public class ActivityManager {
    @Lab
    public ActivityManager() {}

    @Api(28)
    public boolean isBackgroundRestricted() {
        Phone.since(28);
        return Phone.current().restricted;
    }
}
