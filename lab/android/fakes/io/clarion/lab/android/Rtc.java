// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.webrtc.IceCandidate;
import org.webrtc.PeerConnection;

/**
 * What the fake org.webrtc has in common: no media of its own (a {@link Wire} may bring real ones), but the order of its
 * calls, its threads and the life of its objects.
 * What would fail, hang or crash there is a violation of the phone:
 *
 * <p>WRTC-01 a description in a state that does not allow it; WRTC-02 use after close or dispose; WRTC-03 a candidate
 * before the remote description; WRTC-04 a call, or the engine's monitor, on a thread of WebRTC's; WRTC-05 another
 * description than was made; WRTC-06 parameters that are not the last ones; WRTC-07 a factory before initialize();
 * WRTC-08 cameras; WRTC-09 disposed of twice.
 */
public final class Rtc {
    private static final ThreadLocal<Boolean> signalling = ThreadLocal.withInitial(() -> false);
    private static final List<Runnable> late = new ArrayList<>();
    private static final List<Owned> owned = new ArrayList<>();
    public static final List<PeerConnection> peers = new ArrayList<>();
    public static boolean initialized;
    public static boolean refuses;
    public static boolean isSlow;
    public static boolean hasCamera = true;
    /** Of every connection: what AudioState is to the real one. */
    public static boolean playout = true;
    public static boolean recording = true;
    /** 0: off; negative: the camera at the back. */
    public static int captured;

    /** Real media behind connections that keep these rules. Its results come with the phone's lock. */
    public interface Wire {
        /** `made` gets an offer, or what this one is answered with; null: neither can be. */
        void describe(PeerConnection peer, String offer, Consumer<String> made);

        void answered(PeerConnection peer, String answer);

        void candidate(PeerConnection peer, IceCandidate candidate);

        void closed(PeerConnection peer);
    }

    /** Null: no media at all. */
    public static Wire wire;

    private Rtc() {}

    public static void reset() {
        late.clear();
        owned.clear();
        peers.clear();
        initialized = refuses = isSlow = false;
        hasCamera = playout = recording = true;
        captured = 0;
    }

    /** Later, on a thread of WebRTC's. */
    public static void signal(Runnable work) {
        Phone.here().post(() -> {
            Thread thread = new Thread(() -> {
                signalling.set(true);
                work.run();
            }, "signaling_thread");
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException gone) {
                Thread.currentThread().interrupt();
            }
        }, 0);
    }

    /** A description that was made; a slow one waits for {@link #goOn}. */
    public static void made(Runnable tell) {
        if (isSlow) {
            late.add(tell);
        } else {
            signal(tell);
        }
    }

    public static void goOn() {
        isSlow = false;
        late.forEach(Rtc::signal);
        late.clear();
    }

    /** An app's call. */
    public static void enters(String what) {
        if (signalling.get()) broken("WRTC-04", what + " on a thread of WebRTC");
    }

    public static void broken(String rule, String what) {
        Phone.current().violate(rule, what);
    }

    /** What was made and not disposed of, beside what belongs to a connection. */
    public static List<String> left() {
        return owned.stream().filter(it -> !it.isGone).map(it -> it.getClass().getSimpleName()).sorted().toList();
    }

    /** An object with a native half that its owner gives back, once. */
    public abstract static class Owned {
        private boolean isGone;

        protected Owned(boolean isTheApps) {
            if (isTheApps) owned.add(this);
        }

        protected final void uses(String what) {
            enters(what);
            if (!isGone) return;
            String name = getClass().getSimpleName();
            broken("WRTC-02", what + " of a " + name + " that is gone");
            throw new IllegalStateException(name + " has been disposed.");
        }

        protected final boolean isGone() {
            return isGone;
        }

        public void dispose() {
            enters("dispose");
            if (isGone) broken("WRTC-09", "a second dispose of " + getClass().getSimpleName());
            isGone = true;
        }
    }
}
