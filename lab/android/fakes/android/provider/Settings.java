// SPDX-License-Identifier: Apache-2.0
package android.provider;

import android.content.ContentResolver;
import io.clarion.lab.android.Api;
import io.clarion.lab.android.Phone;

public final class Settings {
    public static final String ACTION_APPLICATION_DETAILS_SETTINGS = "android.settings.APPLICATION_DETAILS_SETTINGS";
    public static final String ACTION_APP_NOTIFICATION_SETTINGS = "android.settings.APP_NOTIFICATION_SETTINGS";
    public static final String ACTION_CHANNEL_NOTIFICATION_SETTINGS = "android.settings.CHANNEL_NOTIFICATION_SETTINGS";

    @Api(34)
    public static final String ACTION_MANAGE_APP_USE_FULL_SCREEN_INTENT =
            "android.settings.MANAGE_APP_USE_FULL_SCREEN_INTENT";

    public static final String EXTRA_APP_PACKAGE = "android.provider.extra.APP_PACKAGE";
    public static final String EXTRA_CHANNEL_ID = "android.provider.extra.CHANNEL_ID";

    public static final class Global {
        public static final String BOOT_COUNT = "boot_count";

        public static int getInt(ContentResolver resolver, String name, int otherwise) {
            return BOOT_COUNT.equals(name) ? Phone.current().bootCount() : otherwise;
        }
    }
}
