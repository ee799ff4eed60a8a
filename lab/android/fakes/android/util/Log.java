// SPDX-License-Identifier: Apache-2.0
package android.util;

import io.clarion.lab.android.Phone;

public final class Log {
    public static int i(String tag, String text) {
        Phone.current().log(tag + ": " + text);
        return text.length();
    }
}
