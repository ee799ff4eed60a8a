// SPDX-License-Identifier: Apache-2.0
package android.telecom;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;

public abstract class ConnectionService extends Service {
    public Connection onCreateIncomingConnection(PhoneAccountHandle account, ConnectionRequest request) {
        return null;
    }

    public Connection onCreateOutgoingConnection(PhoneAccountHandle account, ConnectionRequest request) {
        return null;
    }

    public void onCreateIncomingConnectionFailed(PhoneAccountHandle account, ConnectionRequest request) {}

    public void onCreateOutgoingConnectionFailed(PhoneAccountHandle account, ConnectionRequest request) {}

    @Override
    public final IBinder onBind(Intent intent) {
        return null;
    }
}
