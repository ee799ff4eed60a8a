// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

import java.util.Map;

public class RTCStatsReport {
    private final long timestampUs;
    private final Map<String, RTCStats> stats;

    public RTCStatsReport(long timestampUs, Map<String, RTCStats> stats) {
        this.timestampUs = timestampUs;
        this.stats = stats;
    }

    public double getTimestampUs() {
        return timestampUs;
    }

    public Map<String, RTCStats> getStatsMap() {
        return stats;
    }
}
