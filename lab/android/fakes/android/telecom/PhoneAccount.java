// SPDX-License-Identifier: Apache-2.0
package android.telecom;

import android.os.Parcelable;
import io.clarion.lab.android.Lab;

public final class PhoneAccount implements Parcelable {
    public static final int CAPABILITY_SELF_MANAGED = 2048;
    @Lab public final PhoneAccountHandle handle;
    private final int capabilities;

    private PhoneAccount(PhoneAccountHandle handle, int capabilities) {
        this.handle = handle;
        this.capabilities = capabilities;
    }

    public static Builder builder(PhoneAccountHandle handle, CharSequence label) {
        return new Builder(handle, label);
    }

    public boolean hasCapabilities(int wanted) {
        return (capabilities & wanted) == wanted;
    }

    public static class Builder {
        private final PhoneAccountHandle handle;
        private int capabilities;

        public Builder(PhoneAccountHandle handle, CharSequence label) {
            this.handle = handle;
        }

        public Builder setCapabilities(int capabilities) {
            this.capabilities = capabilities;
            return this;
        }

        public PhoneAccount build() {
            return new PhoneAccount(handle, capabilities);
        }
    }
}
