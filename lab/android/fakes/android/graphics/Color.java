// SPDX-License-Identifier: Apache-2.0
package android.graphics;

public class Color {
    public static int parseColor(String text) {
        if (!text.startsWith("#") || (text.length() != 7 && text.length() != 9)) {
            throw new IllegalArgumentException("Unknown color");
        }
        long value = Long.parseLong(text.substring(1), 16);
        return (int) (text.length() == 7 ? value | 0xff000000L : value);
    }
}
