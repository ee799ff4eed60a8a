// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import android.app.Notification;
import android.net.Uri;
import android.telecom.CallAudioState;
import android.telecom.Connection;
import android.telecom.ConnectionRequest;
import android.telecom.ConnectionService;
import android.telecom.DisconnectCause;
import android.telecom.PhoneAccount;
import android.telecom.PhoneAccountHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Telecom: the lines of self-managed calls, and what headsets, cars and other calls do with them. */
public final class Exchange {
    private final Phone phone;
    private PhoneAccount account;
    private final List<Connection> lines = new ArrayList<>();
    private final Map<String, Connection> byCall = new HashMap<>(); // Also those that are over.
    /** AND-TEL-09: an emergency call is under way. */
    public boolean refuses;
    /** How long the system takes for a new call. */
    public long takes = 50;
    /** What it was told of its lines, the state that each came with first. */
    public final List<Integer> states = new ArrayList<>();

    Exchange(Phone phone) {
        this.phone = phone;
    }

    boolean isRegistered() {
        return account != null;
    }

    public void register(PhoneAccount its) {
        if (!its.hasCapabilities(PhoneAccount.CAPABILITY_SELF_MANAGED)) throw new SecurityException("CALL_PHONE");
        phone.needPermission("android.permission.MANAGE_OWN_CALLS"); // AND-TEL-01
        String name = its.handle.getComponentName().getClassName();
        Installed.Component service = phone.installed.components.get(name);
        if (service == null || !"android.permission.BIND_TELECOM_CONNECTION_SERVICE".equals(service.permission)) {
            throw new SecurityException("PhoneAccount connection service requires BIND_TELECOM_CONNECTION_SERVICE permission.");
        }
        account = its;
    }

    public void add(PhoneAccountHandle handle, Uri address, boolean incoming) {
        if (account == null || !account.handle.equals(handle)) {
            throw new SecurityException("This PhoneAccountHandle is not registered for this user!");
        }
        Phone.Process process = phone.process();
        phone.at(phone.elapsed() + takes, () -> process.post(() -> create(process, handle, address, incoming), 0));
    }

    private void create(Phone.Process process, PhoneAccountHandle handle, Uri address, boolean incoming) {
        ConnectionService service = (ConnectionService) phone.make(handle.getComponentName().getClassName());
        service.attach(process.context);
        ConnectionRequest request = new ConnectionRequest(handle, address, null);
        if (refuses) {
            if (incoming) {
                service.onCreateIncomingConnectionFailed(handle, request);
            } else {
                service.onCreateOutgoingConnectionFailed(handle, request);
            }
            return;
        }
        Connection line = incoming ? service.onCreateIncomingConnection(handle, request)
                : service.onCreateOutgoingConnection(handle, request);
        if (line == null || line.getState() == Connection.STATE_DISCONNECTED) return;
        if ((line.getConnectionProperties() & Connection.PROPERTY_SELF_MANAGED) == 0) {
            phone.violate("AND-TEL-01", "a line that is not self-managed");
        }
        states.add(line.getState());
        lines.add(line);
        byCall.put(address.getSchemeSpecificPart(), line);
        if (!incoming) return;
        line.onShowIncomingCallUi(); // AND-TEL-02
        phone.at(phone.elapsed() + 5_000, () -> {
            if (lines.contains(line) && !line.destroyed && phone.api >= 31 && !hasCallStyle()) {
                phone.violate("AND-TEL-04", "no notification in call style within 5 s");
            }
        });
    }

    private boolean hasCallStyle() {
        return phone.shade.all().stream().map(it -> it.notification).anyMatch((Notification it) -> it.callStyle != null);
    }

    /** A line that the system does not have yet tells it nothing. */
    public void became(Connection line, int state) {
        if (lines.contains(line)) states.add(state);
    }

    /** The lines that are not over. */
    public List<Connection> lines() {
        lines.removeIf(it -> it.destroyed);
        return new ArrayList<>(lines);
    }

    public Connection line() {
        List<Connection> now = lines();
        return now.isEmpty() ? null : now.get(0);
    }

    /** The line of this call, or null. */
    public Connection line(String call) {
        Connection line = byCall.get(call);
        return line == null || line.destroyed ? null : line;
    }

    /** What its line ended with; null: there was none. */
    public DisconnectCause causeOf(String call) {
        Connection line = byCall.get(call);
        return line == null ? null : line.getDisconnectCause();
    }

    /** A button of a headset, a car, a watch. */
    public void headset(java.util.function.Consumer<Connection> press) {
        Connection line = line();
        if (line != null) phone.run(() -> press.accept(line));
    }

    /** AND-TEL-06: another call of the phone becomes active. */
    public void otherCall() {
        for (Connection line : lines()) {
            boolean holds = (line.getConnectionCapabilities() & Connection.CAPABILITY_HOLD) != 0;
            phone.run(() -> {
                if (holds) {
                    line.onHold();
                } else {
                    line.onDisconnect();
                }
            });
        }
    }

    public void audio(boolean muted, int route) {
        Connection line = line();
        if (line != null) phone.run(() -> line.onCallAudioStateChanged(new CallAudioState(muted, route, 15)));
    }

    void died() {
        lines.clear();
        byCall.clear();
    }
}
