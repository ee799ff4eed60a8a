// SPDX-License-Identifier: Apache-2.0
package android.content;

import android.net.Uri;
import android.os.Bundle;
import android.os.Parcelable;
import io.clarion.lab.android.Lab;
import java.util.Objects;

public class Intent implements Parcelable {
    public static final String ACTION_MAIN = "android.intent.action.MAIN";
    public static final String ACTION_BOOT_COMPLETED = "android.intent.action.BOOT_COMPLETED";
    public static final String ACTION_LOCKED_BOOT_COMPLETED = "android.intent.action.LOCKED_BOOT_COMPLETED";
    public static final String ACTION_MY_PACKAGE_REPLACED = "android.intent.action.MY_PACKAGE_REPLACED";
    public static final int FLAG_ACTIVITY_NEW_TASK = 268435456;
    public static final int FLAG_ACTIVITY_SINGLE_TOP = 536870912;

    private String action;
    private Uri data;
    private ComponentName component;
    private int flags;
    private final Bundle extras = new Bundle();

    public Intent() {}

    public Intent(Intent other) {
        action = other.action;
        data = other.data;
        component = other.component;
        flags = other.flags;
        extras.putAll(other.extras);
    }

    public Intent(String action) {
        this.action = action;
    }

    public Intent(String action, Uri data) {
        this.action = action;
        this.data = data;
    }

    public Intent(Context context, Class<?> type) {
        component = new ComponentName(context, type);
    }

    public Intent setAction(String action) {
        this.action = action;
        return this;
    }

    public String getAction() {
        return action;
    }

    public Intent setData(Uri data) {
        this.data = data;
        return this;
    }

    public Uri getData() {
        return data;
    }

    public Intent setClassName(String packageName, String className) {
        component = new ComponentName(packageName, className);
        return this;
    }

    public ComponentName getComponent() {
        return component;
    }

    public Intent addFlags(int flags) {
        this.flags |= flags;
        return this;
    }

    public int getFlags() {
        return flags;
    }

    public Intent putExtra(String name, String value) {
        extras.putString(name, value);
        return this;
    }

    public String getStringExtra(String name) {
        return extras.getString(name);
    }

    public Bundle getExtras() {
        return new Bundle(extras);
    }

    public boolean filterEquals(Intent other) {
        return Objects.equals(action, other.action) && Objects.equals(data, other.data)
                && Objects.equals(component, other.component);
    }

    @Lab
    public Object identity() {
        return java.util.Arrays.asList(action, data, component);
    }
}
