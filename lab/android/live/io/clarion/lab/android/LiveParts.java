// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import android.content.Context;
import io.clarion.android.Link;
import io.clarion.android.Media;
import io.clarion.android.OkHttpLink;
import io.clarion.android.Parts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import kotlin.Unit;
import kotlin.jvm.functions.Function1;
import org.json.JSONException;
import org.json.JSONObject;

/** The shell's own connection, and voice in a program beside it: WebRTC over loopback, as lab/phone has it. */
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

    @Override
    public Media media(Context context, Function1<? super JSONObject, Unit> facts) {
        return new Voice(ShellProcess.current, facts);
    }

    private static final class NoLink implements Link {
        @Override
        public void open() {}

        @Override
        public void close() {}

        @Override
        public void send(String text) {}
    }

    /** Started with the first command; ends with this process, whose pipe it reads. */
    private static final class Voice implements Media {
        private final ShellProcess process;
        private final Function1<? super JSONObject, Unit> facts;
        private OutputStream commands;

        Voice(ShellProcess process, Function1<? super JSONObject, Unit> facts) {
            this.process = process;
            this.facts = facts;
        }

        @Override
        public void perform(String type, JSONObject command) {
            Phone.step(type);
            try {
                if (commands == null) commands = start();
                commands.write((command + "\n").getBytes(StandardCharsets.UTF_8));
                commands.flush();
            } catch (IOException gone) {
                Phone.current().log("no voice: " + gone);
            }
        }

        private OutputStream start() throws IOException {
            List<String> command = new ArrayList<>(List.of(System.getProperty("clarion.voice")));
            command.addAll(process.voice);
            Process child = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            ShellProcess.thread("voice", () -> ShellProcess.forEachLine(child.getInputStream(), this::take));
            return child.getOutputStream();
        }

        private void take(String line) {
            try {
                JSONObject fact = new JSONObject(line);
                process.enter(() -> facts.invoke(fact));
            } catch (JSONException broken) {
                System.err.println("voice: " + line);
            }
        }
    }
}
