// SPDX-License-Identifier: Apache-2.0
package android;

import io.clarion.lab.android.Api;

public final class Manifest {
    public static final class permission {
        @Api(33)
        public static final String POST_NOTIFICATIONS = "android.permission.POST_NOTIFICATIONS";
        public static final String RECORD_AUDIO = "android.permission.RECORD_AUDIO";
    }
}
