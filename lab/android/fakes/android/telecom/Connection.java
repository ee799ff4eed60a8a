// SPDX-License-Identifier: Apache-2.0
package android.telecom;

import android.net.Uri;
import io.clarion.lab.android.Api;
import io.clarion.lab.android.Lab;
import io.clarion.lab.android.Phone;

public abstract class Connection {
    public static final int STATE_NEW = 1;
    public static final int STATE_RINGING = 2;
    public static final int STATE_DIALING = 3;
    public static final int STATE_ACTIVE = 4;
    public static final int STATE_HOLDING = 5;
    public static final int STATE_DISCONNECTED = 6;
    public static final int PROPERTY_SELF_MANAGED = 128;
    public static final int CAPABILITY_HOLD = 1;
    public static final int CAPABILITY_SUPPORT_HOLD = 2;

    @Lab public int route;
    @Lab public boolean destroyed;
    private int state = STATE_NEW;
    private int capabilities;
    private int properties;
    private DisconnectCause cause;
    private CharSequence name;
    private Uri address;

    public Connection() {}

    public static Connection createFailedConnection(DisconnectCause cause) {
        Connection failed = new Connection() {};
        failed.state = STATE_DISCONNECTED;
        failed.cause = cause;
        return failed;
    }

    public final int getState() {
        return state;
    }

    private void become(int next) {
        Phone.step("connection");
        if (destroyed) throw new IllegalStateException("a connection that was destroyed");
        if (state == STATE_DISCONNECTED && next != STATE_DISCONNECTED) {
            Phone.current().violate("AND-TEL", "state " + next + " after the end");
        }
        state = next;
        Phone.current().exchange.became(this, next);
    }

    public final void setRinging() {
        become(STATE_RINGING);
    }

    public final void setDialing() {
        become(STATE_DIALING);
    }

    public final void setActive() {
        become(STATE_ACTIVE);
    }

    public final void setOnHold() {
        become(STATE_HOLDING);
    }

    public final void setDisconnected(DisconnectCause cause) {
        become(STATE_DISCONNECTED);
        this.cause = cause;
    }

    public final DisconnectCause getDisconnectCause() {
        return cause;
    }

    public final void destroy() {
        Phone.step("destroy");
        destroyed = true;
    }

    public final void setConnectionCapabilities(int capabilities) {
        this.capabilities = capabilities;
    }

    public final int getConnectionCapabilities() {
        return capabilities;
    }

    public final void setConnectionProperties(int properties) {
        this.properties = properties;
    }

    public final int getConnectionProperties() {
        return properties;
    }

    public final void setAudioModeIsVoip(boolean on) {}

    public final boolean getAudioModeIsVoip() {
        return true;
    }

    public final void setAddress(Uri address, int presentation) {
        this.address = address;
    }

    public final Uri getAddress() {
        return address;
    }

    public final void setCallerDisplayName(String name, int presentation) {
        this.name = name;
    }

    public final String getCallerDisplayName() {
        return name == null ? null : name.toString();
    }

    public final void setVideoState(int state) {}

    public final void setAudioRoute(int route) {
        Phone.step("setAudioRoute");
        this.route = route;
    }

    public void onShowIncomingCallUi() {}

    public void onAnswer() {
        onAnswer(0); // As Android's own: VideoProfile.STATE_AUDIO_ONLY.
    }

    public void onAnswer(int videoState) {}

    public void onReject() {}

    public void onDisconnect() {}

    public void onAbort() {}

    public void onHold() {}

    public void onUnhold() {}

    public void onPlayDtmfTone(char tone) {}

    @Api(29)
    public void onSilence() {}

    public void onCallAudioStateChanged(CallAudioState state) {}
}
