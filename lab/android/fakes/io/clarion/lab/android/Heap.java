// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/** What a new process does not have: every variable of the classes of the shell and of Flutter's plugin. Tests count them. */
public final class Heap {
    private static final List<String> CLASSES = List.of(
            "io.clarion.android.Clarion", "io.clarion.android.webrtc.WebRtc", "io.clarion.flutter.ClarionPlugin");

    private Heap() {}

    /** A list that grows is one too, though it is never another object. */
    public static boolean isVariable(Field field) {
        if (!Modifier.isStatic(field.getModifiers())) return false;
        return !Modifier.isFinal(field.getModifiers()) || field.getType() == ArrayList.class;
    }

    public static List<Field> variables() {
        List<Field> found = new ArrayList<>();
        for (String name : CLASSES) {
            try {
                for (Field field : Class.forName(name).getDeclaredFields()) {
                    if (isVariable(field)) found.add(field);
                }
            } catch (ClassNotFoundException absent) {
                // A phone without Flutter.
            }
        }
        return found;
    }

    public static void forget() {
        for (Field field : variables()) {
            try {
                field.setAccessible(true);
                if (Modifier.isFinal(field.getModifiers())) ((ArrayList<?>) field.get(null)).clear();
                else field.set(null, field.getType() == boolean.class ? false : null);
            } catch (IllegalAccessException closed) {
                throw new IllegalStateException(closed);
            }
        }
    }
}
