// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

public class VideoSource extends MediaSource {
    private final CapturerObserver observer = new CapturerObserver() {};

    public CapturerObserver getCapturerObserver() {
        uses("getCapturerObserver");
        return observer;
    }
}
