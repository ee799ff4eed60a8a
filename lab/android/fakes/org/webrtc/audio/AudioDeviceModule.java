// SPDX-License-Identifier: Apache-2.0
package org.webrtc.audio;

public interface AudioDeviceModule {
    void release();
}
