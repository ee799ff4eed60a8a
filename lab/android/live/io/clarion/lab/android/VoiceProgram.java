// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.json.JSONException;
import org.json.JSONObject;

/** voice.cpp beside this process: started with the first command, ends with this process, whose pipe it reads. */
final class VoiceProgram implements Consumer<JSONObject> {
    private final ShellProcess process;
    private final Consumer<JSONObject> facts;
    private OutputStream commands;

    /** `facts` come with the phone's lock. */
    VoiceProgram(ShellProcess process, Consumer<JSONObject> facts) {
        this.process = process;
        this.facts = facts;
    }

    @Override
    public void accept(JSONObject command) {
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
        ShellProcess.thread("voice", () -> ShellProcess.forEachLine(child.getInputStream(), this::read));
        return child.getOutputStream();
    }

    private void read(String line) {
        try {
            JSONObject fact = new JSONObject(line);
            process.enter(() -> facts.accept(fact));
        } catch (JSONException broken) {
            System.err.println("voice: " + line);
        }
    }
}
