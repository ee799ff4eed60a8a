// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

import java.util.Map;

public class RTCStats {
    private final long timestampUs;
    private final String type;
    private final String id;
    private final Map<String, Object> members;

    public RTCStats(long timestampUs, String type, String id, Map<String, Object> members) {
        this.timestampUs = timestampUs;
        this.type = type;
        this.id = id;
        this.members = members;
    }

    public double getTimestampUs() {
        return timestampUs;
    }

    public String getType() {
        return type;
    }

    public String getId() {
        return id;
    }

    public Map<String, Object> getMembers() {
        return members;
    }
}
