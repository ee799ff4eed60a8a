// SPDX-License-Identifier: Apache-2.0
package android.telecom;

import android.net.Uri;
import android.os.Bundle;
import io.clarion.lab.android.Lab;
import io.clarion.lab.android.Phone;

public class TelecomManager {
    public static final String EXTRA_INCOMING_CALL_ADDRESS = "android.telecom.extra.INCOMING_CALL_ADDRESS";
    public static final String EXTRA_PHONE_ACCOUNT_HANDLE = "android.telecom.extra.PHONE_ACCOUNT_HANDLE";
    public static final int PRESENTATION_ALLOWED = 1;

    @Lab
    public TelecomManager() {}

    public void registerPhoneAccount(PhoneAccount account) {
        Phone.step("registerPhoneAccount");
        Phone.current().exchange.register(account);
    }

    public void addNewIncomingCall(PhoneAccountHandle account, Bundle extras) {
        Phone.step("addNewIncomingCall");
        Phone.current().exchange.add(account, extras.getParcelable(EXTRA_INCOMING_CALL_ADDRESS), true);
    }

    public void placeCall(Uri address, Bundle extras) {
        Phone.step("placeCall");
        Phone.current().exchange.add(extras.getParcelable(EXTRA_PHONE_ACCOUNT_HANDLE), address, false);
    }
}
