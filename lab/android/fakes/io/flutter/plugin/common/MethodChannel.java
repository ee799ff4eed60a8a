// SPDX-License-Identifier: Apache-2.0
package io.flutter.plugin.common;

import androidx.annotation.NonNull;
import androidx.annotation.Nullable;
import io.clarion.lab.android.Isolate;

public class MethodChannel {
    private final Isolate isolate;
    private final String name;

    public MethodChannel(@NonNull BinaryMessenger messenger, @NonNull String name) {
        isolate = (Isolate) messenger;
        this.name = name;
    }

    public void setMethodCallHandler(@Nullable MethodCallHandler handler) {
        isolate.handle(name, handler);
    }

    public interface MethodCallHandler {
        void onMethodCall(@NonNull MethodCall call, @NonNull Result result);
    }

    public interface Result {
        void success(@Nullable Object result);

        void error(@NonNull String errorCode, @Nullable String errorMessage, @Nullable Object errorDetails);

        void notImplemented();
    }
}
