// SPDX-License-Identifier: Apache-2.0
package android.telecom;

import android.content.ComponentName;
import android.os.Parcelable;

public final class PhoneAccountHandle implements Parcelable {
    private final ComponentName component;
    private final String id;

    public PhoneAccountHandle(ComponentName component, String id) {
        this.component = component;
        this.id = id;
    }

    public ComponentName getComponentName() {
        return component;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PhoneAccountHandle it && it.component.equals(component) && it.id.equals(id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }
}
