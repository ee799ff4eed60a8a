// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import io.clarion.android.Link;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * The server's side of one user's calls in frames of docs/protocol.md, under the phone's virtual time. It keeps one
 * truth for each call, whatever processes come and go, and answers every frame as clariond does.
 */
final class ScriptedServer {
    static final String CALLER = "Zoë 📞";
    private final Phone phone;
    private final KeyPair key = newKey();
    private final Map<String, String> calls = new LinkedHashMap<>(); // id -> ringing, answered, or a reason
    final List<String> answered = new ArrayList<>();
    String offer = "v=0 offer";
    final List<JSONObject> received = new ArrayList<>();
    private Wire wire;
    private int seq;
    boolean reachable = true;

    ScriptedServer(Phone phone) {
        this.phone = phone;
    }

    private static KeyPair newKey() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException(absent);
        }
    }

    String verifyKey() {
        byte[] encoded = key.getPublic().getEncoded();
        return base64(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    // ---- pushes ----

    /** A call begins; this is its push. */
    Map<String, String> call(String id) {
        calls.put(id, "ringing");
        return push(id, "ring", 60_000, null);
    }

    /** A call whose push comes from elsewhere. */
    void known(String id) {
        calls.put(id, "ringing");
    }

    /** The caller hung up, or somebody answered elsewhere; `reason` as in `ended`. */
    Map<String, String> over(String id, String reason) {
        calls.put(id, reason);
        if (wire != null) ended(id);
        return push(id, "cancel", 60_000, reason);
    }

    Map<String, String> push(String id, String kind, long ringFor, String reason) {
        long now = System.currentTimeMillis();
        JSONObject invite = json("v", 1, "kind", kind, "svc", "acme", "call", id, "to", "bob", "dev", "bob-phone",
                "from", "zoe", "name", CALLER, "media", "audio", "iat", now, "ring", now + ringFor, "acc", now + ringFor + 5_000,
                "tkt", "ticket-" + id);
        if (reason != null) put(put(invite, "end", reason), "src", "caller");
        return Map.of("cc_param", seal(invite.toString()), "type", "A", "call_id", id);
    }

    private String seal(String json) {
        byte[] domain = "clarion-invite-v1\0".getBytes(StandardCharsets.UTF_8);
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key.getPrivate());
            signature.update(domain);
            signature.update(text);
            byte[] both = Arrays.copyOf(signature.sign(), 64 + text.length);
            System.arraycopy(text, 0, both, 64, text.length);
            return "p1." + base64(both);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    // ---- what it knows ----

    String state(String id) {
        return calls.get(id);
    }

    List<JSONObject> received(String type) {
        return received.stream().filter(it -> it.optString("type").equals(type)).toList();
    }

    boolean isConnected() {
        return wire != null && wire.open;
    }

    // ---- the connection ----

    Link link(Link.Listener listener) {
        return new Wire(listener, phone.process());
    }

    private final class Wire implements Link {
        private final Listener listener;
        private final Phone.Process process;
        private boolean open;
        private boolean opening;

        Wire(Listener listener, Phone.Process process) {
            this.listener = listener;
            this.process = process;
        }

        @Override
        public void open() {
            Phone.step("open");
            opening = true;
            process.post(() -> {
                if (!opening) return;
                opening = false;
                if (!reachable) {
                    listener.closed("unreachable");
                    return;
                }
                open = true;
                wire = this;
                listener.opened();
            }, 20);
        }

        @Override
        public void close() {
            Phone.step("close");
            open = opening = false;
        }

        @Override
        public void send(String text) {
            Phone.step("send");
            if (TestParts.inCommand) TestParts.nested.add("send");
            if (open && reachable) take(parse(text));
        }

        void tell(JSONObject message) {
            process.post(() -> {
                if (open) listener.received(message.toString());
            }, 10);
        }
    }

    void drop() {
        Wire its = wire;
        wire = null;
        if (its == null) return;
        its.open = false;
        its.process.post(() -> its.listener.closed("closed"), 0);
    }

    private void event(JSONObject message) {
        if (wire != null) wire.tell(put(message, "seq", ++seq));
    }

    private void take(JSONObject message) {
        received.add(message);
        String type = message.optString("type");
        String id = message.optString("call_id");
        if (type.equals("hello")) {
            wire.tell(json("type", "welcome", "version", 1, "service", "acme", "user", "bob", "device", "bob-phone",
                    "server_now", System.currentTimeMillis(), "stream", 7, "resumed", false));
            return;
        }
        switch (type) {
            case "verify" -> verify(id);
            case "answer" -> answer(id);
            case "decline" -> finish(id, "decline");
            case "end" -> finish(id, message.optString("reason", "normal"));
            case "place" -> {
                calls.put(id, "ringing");
                event(json("type", "notified", "call_id", id, "devices", 1, "server_now", System.currentTimeMillis(),
                        "ring_until", System.currentTimeMillis() + 60_000));
            }
            default -> { }
        }
        wire.tell(json("type", "ack", "id", message.opt("id")));
    }

    private void verify(String id) {
        String state = calls.getOrDefault(id, "released_call");
        if (!state.equals("ringing")) {
            ended(id);
            return;
        }
        long now = System.currentTimeMillis();
        event(json("type", "verified", "call_id", id, "from_user", "zoe", "from_name", CALLER, "media", "audio",
                "offer", offer, "server_now", now, "ring_until", now + 55_000, "accept_until", now + 60_000));
    }

    private void answer(String id) {
        if ("ringing".equals(calls.get(id))) {
            calls.put(id, "answered");
            answered.add(id);
        }
        if ("answered".equals(calls.get(id))) {
            event(json("type", "answer_confirmed", "call_id", id));
        } else {
            ended(id);
        }
    }

    private void finish(String id, String reason) {
        if (List.of("ringing", "answered").contains(calls.get(id))) calls.put(id, reason);
        ended(id);
    }

    private void ended(String id) {
        String state = calls.getOrDefault(id, "released_call");
        if (state.equals("answered")) state = "multi_device_answer";
        event(json("type", "ended", "call_id", id, "reason", state, "source", "caller", "by_remote", true));
    }

    // ---- JSON without checked exceptions ----

    static JSONObject json(Object... pairs) {
        JSONObject made = new JSONObject();
        for (int i = 0; i < pairs.length; i += 2) put(made, (String) pairs[i], pairs[i + 1]);
        return made;
    }

    static JSONObject put(JSONObject into, String name, Object value) {
        try {
            return into.put(name, value);
        } catch (JSONException broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    static JSONObject parse(String text) {
        try {
            return new JSONObject(text);
        } catch (JSONException broken) {
            throw new IllegalArgumentException(text, broken);
        }
    }

    static List<JSONObject> list(JSONArray array) {
        List<JSONObject> all = new ArrayList<>();
        for (int i = 0; i < array.length(); ++i) all.add(array.optJSONObject(i));
        return all;
    }
}
