// SPDX-License-Identifier: Apache-2.0
package android.os;

import io.clarion.lab.android.Phone;

public final class SystemClock {
    public static long elapsedRealtime() {
        return Phone.current().elapsed();
    }

    public static long uptimeMillis() {
        return Phone.current().uptime();
    }
}
