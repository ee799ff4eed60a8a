// SPDX-License-Identifier: Apache-2.0
package org.webrtc.audio;

import android.content.Context;

public class JavaAudioDeviceModule implements AudioDeviceModule {
    public static class Builder {
        public JavaAudioDeviceModule createAudioDeviceModule() {
            return new JavaAudioDeviceModule();
        }
    }

    public static Builder builder(Context context) {
        return new Builder();
    }

    @Override
    public void release() {}
}
