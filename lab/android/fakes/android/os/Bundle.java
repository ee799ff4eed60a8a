// SPDX-License-Identifier: Apache-2.0
package android.os;

import java.util.HashMap;
import java.util.Map;

public final class Bundle implements Parcelable {
    private final Map<String, Object> values = new HashMap<>();

    public Bundle() {}

    public Bundle(Bundle other) {
        values.putAll(other.values);
    }

    public void putAll(Bundle other) {
        values.putAll(other.values);
    }

    public void putString(String key, String value) {
        values.put(key, value);
    }

    public String getString(String key) {
        return values.get(key) instanceof String text ? text : null;
    }

    public String getString(String key, String otherwise) {
        return values.get(key) instanceof String text ? text : otherwise;
    }

    public void putInt(String key, int value) {
        values.put(key, value);
    }

    public int getInt(String key) {
        return values.get(key) instanceof Integer number ? number : 0;
    }

    public void putParcelable(String key, Parcelable value) {
        values.put(key, value);
    }

    @SuppressWarnings("unchecked")
    public <T extends Parcelable> T getParcelable(String key) {
        return (T) values.get(key);
    }

    public boolean containsKey(String key) {
        return values.containsKey(key);
    }
}
