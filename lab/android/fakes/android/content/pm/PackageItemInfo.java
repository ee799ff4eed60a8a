// SPDX-License-Identifier: Apache-2.0
package android.content.pm;

public class PackageItemInfo {
    public int icon = 1;

    public CharSequence loadLabel(PackageManager manager) {
        return "Phones of the lab";
    }
}
