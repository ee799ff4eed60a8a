// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

public interface EglBase {
    interface Context {}

    static EglBase create() {
        Context context = new Context() {};
        return () -> context;
    }

    Context getEglBaseContext();
}
