// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import android.app.Activity;
import io.flutter.embedding.engine.plugins.FlutterPlugin;
import io.flutter.embedding.engine.plugins.activity.ActivityAware;
import io.flutter.embedding.engine.plugins.activity.ActivityPluginBinding;
import io.flutter.plugin.common.BinaryMessenger;
import io.flutter.plugin.common.EventChannel;
import io.flutter.plugin.common.MethodCall;
import io.flutter.plugin.common.MethodChannel;
import io.flutter.plugin.common.PluginRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A Flutter engine with the Dart in it, as a plugin sees them. It keeps the rules of Flutter's Android embedding (the
 * README lists them) and lives as long as its process; what a plugin breaks is one of the phone's violations.
 *
 * Thread: the phone's, which is the main thread.
 */
public final class Isolate implements BinaryMessenger {
    static final long MESSAGE = 1; // How long a message takes to Dart, whose thread is another.

    /** What Dart does with an event. Runs when it arrives. */
    public Consumer<Object> listener = event -> {};
    private final Phone phone = Phone.current();
    private final Phone.Process process = Phone.here();
    private final Thread main = Thread.currentThread();
    private final FlutterPlugin plugin;
    private final FlutterPlugin.FlutterPluginBinding binding = new FlutterPlugin.FlutterPluginBinding(process.context, this);
    private final Map<String, Object> handlers = new HashMap<>();
    private final List<Answer> open = new ArrayList<>();
    private Sink sink;
    private Screen screen;
    private boolean alive = true;

    public Isolate(FlutterPlugin plugin) {
        this.plugin = plugin;
        plugin.onAttachedToEngine(binding);
    }

    // ---- channels ----

    /** Of a channel; null: none any more. */
    public void handle(String channel, Object handler) {
        onMain("a handler of " + channel);
        if (!alive) phone.violate("FLUTTER-DETACHED", "a handler for an engine that is gone");
        if (handler == null) handlers.remove(channel);
        else handlers.put(channel, handler);
    }

    private void onMain(String what) {
        if (Thread.currentThread() != main) phone.violate("FLUTTER-THREAD", what + " on another thread than the main one");
    }

    /** The types of StandardMethodCodec, as far as one text or nothing is all that is said here. */
    private static void encodable(Object value) {
        if (value == null || value instanceof String || value instanceof Boolean || value instanceof Number) return;
        throw new IllegalArgumentException("Unsupported value: '" + value + "'");
    }

    /** What comes back for one call of a method. */
    public final class Answer implements MethodChannel.Result {
        public final String method;
        /** success, error, not implemented; null: nothing yet. */
        public String kind;
        /** Of a success, or the message of an error. */
        public Object value;

        Answer(String method) {
            this.method = method;
        }

        @Override
        public void success(Object result) {
            encodable(result);
            submit("success", result);
        }

        @Override
        public void error(String code, String message, Object details) {
            encodable(details);
            submit("error", message);
        }

        @Override
        public void notImplemented() {
            submit("not implemented", null);
        }

        private void submit(String its, Object what) {
            onMain("the answer to " + method);
            if (kind != null) {
                phone.violate("FLUTTER-ONCE", method + " is answered twice");
                throw new IllegalStateException("Reply already submitted");
            }
            kind = its;
            value = what;
            open.remove(this);
        }
    }

    /** Dart calls a method. */
    public Answer invoke(String channel, String method, Object argument) {
        Answer answer = new Answer(method);
        open.add(answer);
        Object handler = handlers.get(channel);
        if (handler == null) {
            answer.notImplemented();
            return answer;
        }
        try {
            ((MethodChannel.MethodCallHandler) handler).onMethodCall(new MethodCall(method, argument), answer);
        } catch (RuntimeException thrown) {
            answer.error("error", thrown.getMessage(), thrown.toString());
        } catch (Exception checked) {
            // The channel lets it through; whoever waits in Dart is told that there is no such plugin.
            phone.violate("FLUTTER-CHECKED", method + " throws " + checked);
            answer.notImplemented();
        }
        return answer;
    }

    private final class Sink implements EventChannel.EventSink {
        @Override
        public void success(Object event) {
            onMain("an event");
            encodable(event);
            if (sink != this) {
                phone.violate("FLUTTER-SINK", "an event to a stream that is cancelled: " + event);
                return;
            }
            process.post(() -> {
                if (sink == this) listener.accept(event);
            }, MESSAGE);
        }

        @Override
        public void error(String code, String message, Object details) {
            success(message);
        }

        @Override
        public void endOfStream() {
            onMain("the end of a stream");
            sink = null;
        }
    }

    private EventChannel.StreamHandler streams(String channel) {
        return (EventChannel.StreamHandler) handlers.get(channel);
    }

    /** Dart listens. Twice without a cancel, as after a hot restart: the first stream is cancelled. */
    public void listen(String channel) {
        Sink before = sink;
        sink = new Sink();
        if (before != null) streams(channel).onCancel(null);
        streams(channel).onListen(null, sink);
    }

    public void cancel(String channel) {
        if (sink == null) throw new IllegalStateException("No active stream to cancel");
        sink = null;
        streams(channel).onCancel(null);
    }

    /** The engine is destroyed. What Dart asked for and nobody answered by now, nobody ever will. */
    public void destroy() {
        if (!alive) return;
        detach(false);
        plugin.onDetachedFromEngine(binding);
        sink = null;
        alive = false;
        if (!handlers.isEmpty()) phone.violate("FLUTTER-DETACHED", "handlers that stay: " + handlers.keySet());
        open.forEach(it -> phone.violate("FLUTTER-ONCE", it.method + " is never answered"));
    }

    /** Methods that wait for their answer. */
    public List<String> waiting() {
        return open.stream().map(it -> it.method).toList();
    }

    // ---- the activity ----

    private static final class Screen implements ActivityPluginBinding {
        private final Activity activity;
        private final List<PluginRegistry.RequestPermissionsResultListener> listeners = new ArrayList<>();

        Screen(Activity activity) {
            this.activity = activity;
        }

        @Override
        public Activity getActivity() {
            return activity;
        }

        @Override
        public void addRequestPermissionsResultListener(PluginRegistry.RequestPermissionsResultListener its) {
            listeners.add(its);
        }

        @Override
        public void removeRequestPermissionsResultListener(PluginRegistry.RequestPermissionsResultListener its) {
            listeners.remove(its);
        }
    }

    /** `again`: after a change of the configuration. */
    public void attach(Activity activity, boolean again) {
        screen = new Screen(activity);
        if (!(plugin instanceof ActivityAware aware)) return;
        if (again) aware.onReattachedToActivityForConfigChanges(screen);
        else aware.onAttachedToActivity(screen);
    }

    /** `changing`: for a change of the configuration; {@link #attach} follows. */
    public void detach(boolean changing) {
        if (screen != null && plugin instanceof ActivityAware aware) {
            if (changing) aware.onDetachedFromActivityForConfigChanges();
            else aware.onDetachedFromActivity();
        }
        screen = null;
    }

    /** The activity got the user's word, and hands it to whoever asked. */
    public boolean permissions(int request, String[] permissions, int[] results) {
        boolean taken = false;
        for (PluginRegistry.RequestPermissionsResultListener its : new ArrayList<>(screen.listeners)) {
            taken = its.onRequestPermissionsResult(request, permissions, results) || taken;
        }
        return taken;
    }
}
