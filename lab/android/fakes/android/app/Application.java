// SPDX-License-Identifier: Apache-2.0
package android.app;

import android.content.ContextWrapper;
import android.os.Bundle;
import io.clarion.lab.android.Phone;

public class Application extends ContextWrapper {
    public Application() {
        super(null);
    }

    public void registerActivityLifecycleCallbacks(ActivityLifecycleCallbacks callbacks) {
        Phone.step("registerActivityLifecycleCallbacks");
        Phone.here().lifecycle.add(callbacks);
    }

    public interface ActivityLifecycleCallbacks {
        void onActivityCreated(Activity activity, Bundle state);

        void onActivityStarted(Activity activity);

        void onActivityResumed(Activity activity);

        void onActivityPaused(Activity activity);

        void onActivityStopped(Activity activity);

        void onActivitySaveInstanceState(Activity activity, Bundle state);

        void onActivityDestroyed(Activity activity);
    }
}
