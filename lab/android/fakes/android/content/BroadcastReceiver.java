// SPDX-License-Identifier: Apache-2.0
package android.content;

import io.clarion.lab.android.Lab;
import io.clarion.lab.android.Phone;

public abstract class BroadcastReceiver {
    @Lab public Phone.Delivery delivery;

    public BroadcastReceiver() {}

    public abstract void onReceive(Context context, Intent intent);

    public final PendingResult goAsync() {
        Phone.step("goAsync");
        return delivery.async();
    }

    public static class PendingResult {
        private final Runnable done;

        @Lab
        public PendingResult(Runnable done) {
            this.done = done;
        }

        public final void finish() {
            done.run();
        }
    }
}
