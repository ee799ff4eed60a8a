// SPDX-License-Identifier: Apache-2.0
package io.flutter.embedding.engine.plugins;

import android.content.Context;
import androidx.annotation.NonNull;
import io.clarion.lab.android.Lab;
import io.flutter.plugin.common.BinaryMessenger;

public interface FlutterPlugin {
    void onAttachedToEngine(@NonNull FlutterPluginBinding binding);

    void onDetachedFromEngine(@NonNull FlutterPluginBinding binding);

    class FlutterPluginBinding {
        private final Context applicationContext;
        private final BinaryMessenger binaryMessenger;

        @Lab
        public FlutterPluginBinding(@NonNull Context applicationContext, @NonNull BinaryMessenger binaryMessenger) {
            this.applicationContext = applicationContext;
            this.binaryMessenger = binaryMessenger;
        }

        @NonNull
        public Context getApplicationContext() {
            return applicationContext;
        }

        @NonNull
        public BinaryMessenger getBinaryMessenger() {
            return binaryMessenger;
        }
    }
}
