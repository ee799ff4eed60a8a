// SPDX-License-Identifier: Apache-2.0
package androidx.annotation;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Kotlin's compiler knows it by its name. */
@Retention(RetentionPolicy.CLASS)
public @interface NonNull {}
