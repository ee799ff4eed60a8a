// SPDX-License-Identifier: Apache-2.0
package io.flutter.plugin.common;

import androidx.annotation.NonNull;
import androidx.annotation.Nullable;

public final class MethodCall {
    public final String method;
    public final Object arguments;

    public MethodCall(@NonNull String method, @Nullable Object arguments) {
        this.method = method;
        this.arguments = arguments;
    }
}
