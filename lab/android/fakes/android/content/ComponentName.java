// SPDX-License-Identifier: Apache-2.0
package android.content;

import android.os.Parcelable;

public final class ComponentName implements Parcelable {
    private final String name;

    public ComponentName(Context context, Class<?> type) {
        this.name = type.getName();
    }

    public ComponentName(String packageName, String name) {
        this.name = name;
    }

    public String getClassName() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ComponentName it && it.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }
}
