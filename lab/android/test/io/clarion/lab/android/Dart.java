// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import io.clarion.flutter.ClarionPlugin;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONException;
import org.json.JSONObject;

/** What sdk/flutter/lib does in an isolate, as far as the native half can tell: one JSON text each way. */
final class Dart {
    /** Those of the process that runs, in order. */
    static final List<Dart> all = new ArrayList<>();
    final Isolate engine = new Isolate(new ClarionPlugin());
    final List<JSONObject> heard = new ArrayList<>();
    /** Its listeners return. */
    boolean acknowledges = true;

    Dart() {
        all.add(this);
        engine.listener = this::hear;
    }

    static Dart last() {
        return all.get(all.size() - 1);
    }

    /** In the process that runs; it is started if none does. */
    static Dart begin() {
        Phone.current().ensureProcess();
        Phone.current().run(Dart::new);
        return last();
    }

    void listen() {
        Phone.current().run(() -> engine.listen("clarion/events"));
        Phone.current().advance(10);
    }

    void cancel() {
        Phone.current().run(() -> engine.cancel("clarion/events"));
        Phone.current().advance(10);
    }

    void end() {
        Phone.current().run(engine::destroy);
        Phone.current().advance(10);
    }

    Isolate.Answer call(String method, Object argument) {
        Isolate.Answer[] answer = new Isolate.Answer[1];
        String text = argument == null ? "null" : argument.toString();
        Phone.current().run(() -> answer[0] = engine.invoke("clarion", method, text));
        Phone.current().advance(10);
        return answer[0];
    }

    /** The answer's text; null for null. What is no success is `KIND: MESSAGE`. */
    String ask(String method, Object argument) {
        Isolate.Answer answer = call(method, argument);
        return answer.kind.equals("success") ? (String) answer.value : answer.kind + ": " + answer.value;
    }

    String ask(String method) {
        return ask(method, null);
    }

    private void hear(Object text) {
        try {
            JSONObject message = new JSONObject((String) text);
            heard.add(message);
            if (!acknowledges || !message.getString("type").equals("event")) return;
            long seq = message.getJSONObject("event").getLong("seq");
            JSONObject fact = ScriptedServer.json("type", "events_acknowledged", "up_to", seq);
            if (!"0".equals(engine.invoke("clarion", "tell", fact.toString()).value)) throw new AssertionError(fact);
        } catch (JSONException broken) {
            throw new AssertionError(text + ": " + broken);
        }
    }

    /** Kinds of the events, types of the other messages. */
    List<String> kinds() {
        return heard.stream().map(it -> it.has("event") ? it.optJSONObject("event").optString("kind") : it.optString("type")).toList();
    }

    long heard(String kind) {
        return kinds().stream().filter(kind::equals).count();
    }
}
