// SPDX-License-Identifier: Apache-2.0
package android.view;

public class Gravity {
    public static final int CENTER = 17;
}
