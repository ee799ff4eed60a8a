// SPDX-License-Identifier: Apache-2.0
package android.os;

import io.clarion.lab.android.Lab;
import io.clarion.lab.android.Phone;

public final class PowerManager {
    public static final int PARTIAL_WAKE_LOCK = 1;
    private final Phone.Process process;

    @Lab
    public PowerManager(Phone.Process process) {
        this.process = process;
    }

    public WakeLock newWakeLock(int level, String tag) {
        if (level != PARTIAL_WAKE_LOCK) throw new IllegalArgumentException("Must specify a valid wake lock level.");
        Phone.current().needPermission("android.permission.WAKE_LOCK");
        return new WakeLock(process);
    }

    public static final class WakeLock {
        private final Phone.Process process;
        private boolean held;

        private WakeLock(Phone.Process process) {
            this.process = process;
        }

        public void acquire() {
            Phone.step("wake lock");
            held = true;
            process.wakeLocks.add(this);
        }

        public void release() {
            Phone.step("wake unlock");
            if (!held) throw new RuntimeException("WakeLock under-locked");
            held = false;
            process.wakeLocks.remove(this);
        }

        public boolean isHeld() {
            return held;
        }
    }
}
