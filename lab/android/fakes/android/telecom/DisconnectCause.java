// SPDX-License-Identifier: Apache-2.0
package android.telecom;

import android.os.Parcelable;

public final class DisconnectCause implements Parcelable {
    public static final int ERROR = 1;
    public static final int LOCAL = 2;
    public static final int REMOTE = 3;
    public static final int CANCELED = 4;
    public static final int MISSED = 5;
    public static final int REJECTED = 6;
    public static final int ANSWERED_ELSEWHERE = 11;
    private final int code;

    public DisconnectCause(int code) {
        this.code = code;
    }

    public int getCode() {
        return code;
    }
}
