// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** A member of a fake that Android does not have: for the phone and its tests. */
@Retention(RetentionPolicy.RUNTIME)
public @interface Lab {}
