// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import android.content.Context;
import io.clarion.android.Link;
import io.clarion.android.Media;
import io.clarion.android.Parts;
import java.util.ArrayList;
import java.util.List;
import kotlin.Unit;
import kotlin.jvm.functions.Function1;
import org.json.JSONObject;

/** What the app of the tests brings along: the scripted server's link, and media that always connect. */
public final class TestParts implements Parts {
    static ScriptedServer server;
    static final List<String> commands = new ArrayList<>();
    /** The media tell at once what came of a command, inside it. */
    static boolean tellInside;
    /** What was asked for while a command was under way. */
    static final List<String> nested = new ArrayList<>();
    static boolean inCommand;

    @Override
    public Media media(Context context, Function1<? super JSONObject, Unit> facts) {
        Phone.Process process = Phone.here();
        return (type, command) -> {
            Phone.step(type);
            commands.add(type);
            if (inCommand) nested.add(type);
            String call = command.optString("call_id");
            if (type.equals("prepare_answer") && tellInside) {
                inCommand = true;
                facts.invoke(ScriptedServer.json("type", "answer_prepared", "call_id", call, "sdp", "v=0 answer"));
                inCommand = false;
                return;
            }
            if (type.equals("prepare_answer")) tell(process, facts, "answer_prepared", call, "v=0 answer");
            if (type.equals("prepare_offer")) tell(process, facts, "offer_prepared", call, "v=0 offer");
        };
    }

    private static void tell(Phone.Process process, Function1<? super JSONObject, Unit> facts, String type, String call, String sdp) {
        process.post(() -> facts.invoke(ScriptedServer.json("type", type, "call_id", call, "sdp", sdp)), 5);
    }

    @Override
    public Link link(Context context, String url, Link.Listener listener) {
        return server.link(listener);
    }
}
