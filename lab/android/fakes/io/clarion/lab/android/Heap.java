// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/** What a new process does not have: every variable of the shell's classes. A test counts them. */
public final class Heap {
    private Heap() {}

    public static List<Field> variables() {
        List<Field> found = new ArrayList<>();
        try {
            for (String name : List.of("io.clarion.android.Clarion", "io.clarion.android.webrtc.WebRtc")) {
                for (Field field : Class.forName(name).getDeclaredFields()) {
                    int bits = field.getModifiers();
                    if (Modifier.isStatic(bits) && !Modifier.isFinal(bits)) found.add(field);
                }
            }
        } catch (ClassNotFoundException absent) {
            throw new IllegalStateException(absent);
        }
        return found;
    }

    public static void forget() {
        for (Field field : variables()) {
            try {
                field.setAccessible(true);
                field.set(null, field.getType() == boolean.class ? false : null);
            } catch (IllegalAccessException closed) {
                throw new IllegalStateException(closed);
            }
        }
    }
}
