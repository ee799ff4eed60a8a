// SPDX-License-Identifier: Apache-2.0
package io.flutter.plugin.common;

import io.clarion.lab.android.Isolate;

public final class EventChannel {
    private final Isolate isolate;
    private final String name;

    public EventChannel(BinaryMessenger messenger, String name) {
        isolate = (Isolate) messenger;
        this.name = name;
    }

    public void setStreamHandler(StreamHandler handler) {
        isolate.handle(name, handler);
    }

    public interface StreamHandler {
        void onListen(Object arguments, EventSink events);

        void onCancel(Object arguments);
    }

    public interface EventSink {
        void success(Object event);

        void error(String errorCode, String errorMessage, Object errorDetails);

        void endOfStream();
    }
}
