// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Since which API level a member exists, when that is above the lowest that Clarion supports (26). */
@Retention(RetentionPolicy.RUNTIME)
public @interface Api {
    int value();
}
