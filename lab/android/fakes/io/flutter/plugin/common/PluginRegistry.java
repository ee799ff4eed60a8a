// SPDX-License-Identifier: Apache-2.0
package io.flutter.plugin.common;

import androidx.annotation.NonNull;

public interface PluginRegistry {
    interface RequestPermissionsResultListener {
        /** True: it was ours. */
        boolean onRequestPermissionsResult(int requestCode, @NonNull String[] permissions, @NonNull int[] grantResults);
    }
}
