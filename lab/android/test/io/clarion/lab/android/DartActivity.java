// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import android.app.Activity;
import android.os.Bundle;

/** A Flutter app: its engine begins and ends with the activity, a rotation hands it on, and Dart is up a while later. */
public final class DartActivity extends Activity {
    static long startsAfter;
    static Dart handedOn;
    private Dart dart;

    @Override
    protected void onCreate(Bundle state) {
        boolean again = handedOn != null;
        dart = again ? handedOn : new Dart();
        handedOn = null;
        dart.engine.attach(this, again);
        if (!again) Phone.here().post(() -> dart.engine.listen("clarion/events"), startsAfter);
    }

    @Override
    public void onRequestPermissionsResult(int request, String[] permissions, int[] results) {
        dart.engine.permissions(request, permissions, results);
    }

    @Override
    protected void onDestroy() {
        if (isChangingConfigurations()) {
            dart.engine.detach(true);
            handedOn = dart;
        } else {
            dart.engine.destroy();
        }
    }
}
