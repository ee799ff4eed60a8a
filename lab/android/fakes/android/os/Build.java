// SPDX-License-Identifier: Apache-2.0
package android.os;

import io.clarion.lab.android.Phone;

public class Build {
    public static class VERSION {
        /** Not a constant here: each phone of a test has its own. */
        public static int SDK_INT = Phone.LOWEST;
    }
}
