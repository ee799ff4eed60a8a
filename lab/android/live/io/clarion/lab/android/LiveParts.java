// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import android.content.Context;
import io.clarion.android.Link;
import io.clarion.android.Media;
import io.clarion.android.OkHttpLink;
import io.clarion.android.Parts;
import io.clarion.android.webrtc.WebRtcMedia;
import java.util.List;
import kotlin.Unit;
import kotlin.jvm.functions.Function1;
import org.json.JSONObject;

/** The shell's own connection, and its port over org.webrtc with real voice behind it: WebRTC over loopback. */
public final class LiveParts implements Parts {
    @Override
    public Link link(Context context, String server, Link.Listener listener) {
        ShellProcess process = ShellProcess.current;
        if (!process.hasNetwork) return new NoLink();
        return new OkHttpLink(server, new Link.Listener() {
            @Override
            public void opened() {
                process.enter(listener::opened);
            }

            @Override
            public void closed(String fault) {
                process.enter(() -> listener.closed(fault));
            }

            @Override
            public void received(String text) {
                process.enter(() -> listener.received(text));
            }
        });
    }

    /** The port over org.webrtc as an app has it; only its thread is the phone's own. */
    @Override
    public Media media(Context context, Function1<? super JSONObject, Unit> facts) {
        ShellProcess process = ShellProcess.current;
        Voice voice = new Voice(told -> new VoiceProgram(process, told));
        Rtc.wire = voice;
        return new WebRtcMedia(context, facts::invoke, voice.turns(), List::of);
    }

    private static final class NoLink implements Link {
        @Override
        public void open() {}

        @Override
        public void close() {}

        @Override
        public void send(String text) {}
    }
}
