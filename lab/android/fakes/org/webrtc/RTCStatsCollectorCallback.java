// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

public interface RTCStatsCollectorCallback {
    void onStatsDelivered(RTCStatsReport report);
}
