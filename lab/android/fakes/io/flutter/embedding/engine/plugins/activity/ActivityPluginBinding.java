// SPDX-License-Identifier: Apache-2.0
package io.flutter.embedding.engine.plugins.activity;

import android.app.Activity;
import androidx.annotation.NonNull;
import io.flutter.plugin.common.PluginRegistry;

public interface ActivityPluginBinding {
    @NonNull
    Activity getActivity();

    void addRequestPermissionsResultListener(@NonNull PluginRegistry.RequestPermissionsResultListener listener);

    void removeRequestPermissionsResultListener(@NonNull PluginRegistry.RequestPermissionsResultListener listener);
}
