// SPDX-License-Identifier: Apache-2.0
package android.os;

import io.clarion.lab.android.Phone;

/** Every looper is the phone's one queue under virtual time. Delays count uptime, which stops while the device sleeps. */
public class Handler {
    private final Phone.Process process = Phone.here();

    public Handler(Looper looper) {
        if (looper == null) throw new NullPointerException("looper");
    }

    public final boolean post(Runnable runnable) {
        return postDelayed(runnable, 0);
    }

    public final boolean postDelayed(Runnable runnable, long delay) {
        Phone.step("post");
        process.post(runnable, delay);
        return true;
    }

    public final void removeCallbacks(Runnable runnable) {
        Phone.step("removeCallbacks");
        process.unpost(runnable);
    }
}
