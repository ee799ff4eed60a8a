// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;

/**
 * The fakes are what Android declares: every public member by name, number of parameters, API level, and value of a
 * constant, against npm's @nativescript/types-android (API 37).
 */
public final class FakesTest {
    private static final String DECLARATIONS = System.getProperty("clarion.declarations", "");

    /** A member in the declarations. */
    private record Declared(int parameters, int since, String value) {}

    private static List<Class<?>> fakes() throws IOException, URISyntaxException {
        Path folder = Path.of(Phone.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<Class<?>> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder.resolve("android"))) {
            for (Path file : files.filter(it -> it.toString().endsWith(".class")).sorted().toList()) {
                String name = folder.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
                try {
                    Class<?> type = Class.forName(name, false, Phone.class.getClassLoader());
                    if (isPublic(type)) found.add(type);
                } catch (ClassNotFoundException impossible) {
                    throw new AssertionError(impossible);
                }
            }
        }
        return found;
    }

    private static boolean isPublic(Class<?> type) {
        if (type.isAnonymousClass() || !Modifier.isPublic(type.getModifiers())) return false;
        return type.getDeclaringClass() == null || isPublic(type.getDeclaringClass());
    }

    private static List<Member> membersOf(Class<?> type) {
        List<Member> all = new ArrayList<>(List.of(type.getDeclaredMethods()));
        all.addAll(List.of(type.getDeclaredConstructors()));
        all.addAll(List.of(type.getDeclaredFields()));
        all.removeIf(it -> it.isSynthetic() || !Modifier.isPublic(it.getModifiers())
                || ((AnnotatedElement) it).isAnnotationPresent(Lab.class)
                || List.of("equals", "hashCode", "toString").contains(it.getName()));
        return all;
    }

    @Test
    public void everyMemberOfAFakeIsDeclaredByAndroidWithItsLevelAndValue() throws Exception {
        assumeTrue("SKIPPED: @nativescript/types-android is not here", !DECLARATIONS.isEmpty());
        Map<String, List<Declared>> declared = read(
                Path.of(DECLARATIONS, "lib", "android", "android-platform-21-37-merged.d.ts"));
        List<String> faults = new ArrayList<>();
        int compared = 0;
        for (Class<?> type : fakes()) {
            for (Member member : membersOf(type)) {
                compared += 1;
                String fault = compare(type, member, declared);
                if (fault != null) faults.add(fault);
            }
        }
        System.out.println(compared + " members of the fakes compared with Android's declarations");
        assertEquals(List.of(), faults);
        assertTrue("only " + compared, compared > 250);
    }

    private static String compare(Class<?> type, Member member, Map<String, List<Declared>> declared) throws Exception {
        boolean isConstructor = member instanceof Constructor;
        String name = type.getName().replace('$', '.') + "." + (isConstructor ? "constructor" : member.getName());
        int parameters = member instanceof Executable executable ? executable.getParameterCount() : -1;
        List<Declared> same = sameOf(name, parameters, declared);
        if (same.isEmpty()) return name + " with " + parameters + " parameters is not Android's";
        Api api = ((AnnotatedElement) member).getAnnotation(Api.class);
        int ours = api == null ? Phone.LOWEST : api.value();
        List<Integer> levels = same.stream().map(it -> Math.max(it.since, Phone.LOWEST)).toList();
        if (!levels.contains(ours)) return name + " is of API " + levels + ", not " + ours;
        if (!(member instanceof Field field) || !Modifier.isStatic(field.getModifiers())) return null;
        String value = same.get(0).value;
        String mine = field.getType() == String.class ? "\"" + field.get(null) + "\"" : String.valueOf(field.get(null));
        return value == null || value.equals(mine) || value.equals("number") || value.equals("string") ? null
                : name + " is " + value + ", not " + mine;
    }

    /** Of the class itself, or of one that it extends. */
    private static List<Declared> sameOf(String name, int parameters, Map<String, List<Declared>> declared) {
        List<Declared> own = declared.getOrDefault(name, List.of()).stream().filter(it -> it.parameters == parameters).toList();
        int dot = name.lastIndexOf('.');
        List<Declared> above = declared.get(name.substring(0, dot) + ".extends");
        return own.isEmpty() && above != null ? sameOf(above.get(0).value + name.substring(dot), parameters, declared) : own;
    }

    private static final Pattern NAME = Pattern.compile("(?:module|class|interface) (\\w+)");
    private static final Pattern MEMBER = Pattern.compile("^\\s*public (?:static |abstract )*(\\w+)(\\(.*\\))?(?:: (.*))?;$");
    private static final Pattern SINCE = Pattern.compile("@since (\\d+)");

    /** The declarations are written one member a line, so that lines are enough to read them. */
    private static Map<String, List<Declared>> read(Path file) throws IOException {
        Map<String, List<Declared>> all = new HashMap<>();
        Deque<String> path = new ArrayDeque<>();
        Deque<Integer> levels = new ArrayDeque<>();
        int since = 0;
        for (String line : Files.readAllLines(file)) {
            String text = line.strip();
            Matcher level = SINCE.matcher(text);
            if (text.startsWith("/**") && level.find()) {
                since = Integer.parseInt(level.group(1));
                continue;
            }
            if (text.endsWith("{")) {
                Matcher name = NAME.matcher(text);
                path.addLast(name.find() ? name.group(1) : "?");
                Matcher above = Pattern.compile(" extends ([\\w.]+)").matcher(text);
                if (above.find()) {
                    all.put(String.join(".", path) + ".extends", List.of(new Declared(0, 0, above.group(1))));
                }
                levels.addLast(Math.max(since, levels.isEmpty() ? 0 : levels.peekLast()));
            } else if (text.startsWith("}")) {
                path.pollLast();
                levels.pollLast();
            } else {
                Matcher member = MEMBER.matcher(text);
                if (member.matches()) {
                    String name = String.join(".", path) + "." + member.group(1);
                    int least = levels.isEmpty() ? since : Math.max(since, levels.peekLast());
                    all.computeIfAbsent(name, ignored -> new ArrayList<>())
                            .add(new Declared(parametersOf(member.group(2)), least, member.group(3)));
                }
            }
            since = 0;
        }
        return all;
    }

    private static int parametersOf(String list) {
        if (list == null) return -1;
        String inner = list.substring(1, list.length() - 1).strip();
        if (inner.isEmpty()) return 0;
        int depth = 0;
        int count = 1;
        for (char c : inner.toCharArray()) {
            if (c == '<' || c == '(' || c == '[' || c == '{') depth += 1;
            if (c == '>' || c == ')' || c == ']' || c == '}') depth -= 1;
            if (c == ',' && depth == 0) count += 1;
        }
        return count;
    }

    /** A shell that uses a member on a device that does not have it yet fails here as it would there. */
    @Test
    public void everyMemberOfALaterLevelRefusesOnAnEarlierOne() throws Exception {
        TreeSet<String> open = new TreeSet<>();
        for (Class<?> type : fakes()) {
            for (Member member : membersOf(type)) {
                Api api = ((AnnotatedElement) member).getAnnotation(Api.class);
                if (api == null || !(member instanceof Method method) || isCallback(method)) continue;
                Phone phone = new Phone(api.value() - 1, PhoneTest.MANIFEST, PhoneTest.MANIFEST.getParentFile());
                phone.ensureProcess();
                if (!refuses(type, method)) open.add(type.getName() + "." + method.getName());
            }
        }
        assertEquals("[android.app.Person.getName]", open.toString());
    }

    private static boolean isCallback(Method method) {
        return method.getName().startsWith("on");
    }

    private static boolean refuses(Class<?> type, Method method) throws ReflectiveOperationException {
        Object[] arguments = new Object[method.getParameterCount()];
        for (int i = 0; i < arguments.length; ++i) {
            Class<?> its = method.getParameterTypes()[i];
            if (its == int.class) arguments[i] = 0;
            if (its == boolean.class) arguments[i] = false;
        }
        try {
            method.invoke(Modifier.isStatic(method.getModifiers()) ? null : bare(type), arguments);
            return false;
        } catch (InvocationTargetException thrown) {
            return thrown.getCause() instanceof NoSuchMethodError;
        }
    }

    /** An object without its constructor having run: only what stands before the check would notice. */
    private static Object bare(Class<?> type) throws ReflectiveOperationException {
        Class<?> concrete = type == android.app.Service.class ? io.clarion.android.CallService.class : type;
        Field unsafe = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
        unsafe.setAccessible(true);
        return unsafe.getType().getMethod("allocateInstance", Class.class).invoke(unsafe.get(null), concrete);
    }
}
