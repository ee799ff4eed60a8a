// SPDX-License-Identifier: Apache-2.0
package android.telecom;

import android.os.Parcelable;

public final class CallAudioState implements Parcelable {
    public static final int ROUTE_EARPIECE = 1;
    public static final int ROUTE_BLUETOOTH = 2;
    public static final int ROUTE_WIRED_HEADSET = 4;
    public static final int ROUTE_SPEAKER = 8;
    private final boolean muted;
    private final int route;

    public CallAudioState(boolean muted, int route, int supported) {
        this.muted = muted;
        this.route = route;
    }

    public boolean isMuted() {
        return muted;
    }

    public int getRoute() {
        return route;
    }
}
