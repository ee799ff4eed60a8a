// SPDX-License-Identifier: Apache-2.0
package android.telecom;

import android.net.Uri;
import android.os.Bundle;
import android.os.Parcelable;

public final class ConnectionRequest implements Parcelable {
    private final Uri address;

    public ConnectionRequest(PhoneAccountHandle account, Uri address, Bundle extras) {
        this.address = address;
    }

    public Uri getAddress() {
        return address;
    }
}
