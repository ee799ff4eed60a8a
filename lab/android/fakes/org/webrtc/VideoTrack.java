// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

import io.clarion.lab.android.Lab;
import java.util.ArrayList;
import java.util.List;

public class VideoTrack extends MediaStreamTrack {
    @Lab
    public final List<VideoSink> sinks = new ArrayList<>();

    @Lab
    public VideoTrack(boolean isTheApps) {
        super(isTheApps);
    }

    public void addSink(VideoSink sink) {
        uses("addSink");
        sinks.add(sink);
    }

    public void removeSink(VideoSink sink) {
        uses("removeSink");
        sinks.remove(sink);
    }
}
