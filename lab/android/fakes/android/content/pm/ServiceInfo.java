// SPDX-License-Identifier: Apache-2.0
package android.content.pm;

import io.clarion.lab.android.Api;

public class ServiceInfo {
    @Api(29)
    public static final int FOREGROUND_SERVICE_TYPE_PHONE_CALL = 4;

    @Api(30)
    public static final int FOREGROUND_SERVICE_TYPE_MICROPHONE = 128;
}
