// SPDX-License-Identifier: Apache-2.0
package android.net;

import io.clarion.lab.android.Lab;
import io.clarion.lab.android.Phone;

public class ConnectivityManager {
    private final Phone.Process process;

    @Lab
    public ConnectivityManager(Phone.Process process) {
        this.process = process;
    }

    public Network getActiveNetwork() {
        Phone.current().needPermission("android.permission.ACCESS_NETWORK_STATE");
        return Phone.current().network();
    }

    public void registerDefaultNetworkCallback(NetworkCallback callback) {
        Phone.step("registerDefaultNetworkCallback");
        Phone.current().needPermission("android.permission.ACCESS_NETWORK_STATE");
        process.networkCallbacks.add(callback);
        Network now = Phone.current().network();
        if (now != null) process.post(() -> callback.onAvailable(now), Phone.current().networkToldAfter);
    }

    public static class NetworkCallback {
        public NetworkCallback() {}

        public void onAvailable(Network network) {}

        public void onLost(Network network) {}
    }
}
