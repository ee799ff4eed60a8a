// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The public names of the fake org.webrtc, written as in webrtc_names.txt: "Class.member/parameters" or "Class.FIELD". */
final class WebRtcNames {
    private WebRtcNames() {}

    static List<String> ofTheFakes() throws Exception {
        Path folder = Path.of(Rtc.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder.resolve("org/webrtc"))) {
            for (Path file : files.filter(it -> it.toString().endsWith(".class")).sorted().toList()) {
                String name = folder.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
                Class<?> type = Class.forName(name, false, Rtc.class.getClassLoader());
                if (!type.isAnonymousClass() && Modifier.isPublic(type.getModifiers())) add(type, names);
            }
        }
        return names;
    }

    private static void add(Class<?> type, List<String> names) {
        String prefix = type.getName().replaceFirst("^org\\.webrtc\\.", "").replaceFirst("^audio\\.", "").replace('$', '.');
        names.add(prefix);
        for (Field field : type.getDeclaredFields()) {
            if (isShown(field, field.getModifiers(), field.isSynthetic())) names.add(prefix + "." + field.getName());
        }
        for (Method method : type.getDeclaredMethods()) {
            boolean isOfEnum = type.isEnum() && List.of("values", "valueOf").contains(method.getName());
            if (!isOfEnum && isShown(method, method.getModifiers(), method.isSynthetic())) {
                names.add(written(prefix, method.getName(), method));
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            boolean isDefault = constructor.getParameterCount() == 0; // Sources do not write it.
            if (!isDefault && isShown(constructor, constructor.getModifiers(), constructor.isSynthetic())) {
                names.add(written(prefix, "new", constructor));
            }
        }
    }

    private static String written(String prefix, String name, Executable one) {
        return prefix + "." + name + "/" + one.getParameterCount();
    }

    private static boolean isShown(AnnotatedElement element, int modifiers, boolean isSynthetic) {
        return Modifier.isPublic(modifiers) && !isSynthetic && !element.isAnnotationPresent(Lab.class);
    }
}
