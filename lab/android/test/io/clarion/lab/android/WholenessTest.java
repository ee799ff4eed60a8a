// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.clarion.android.Clarion;
import io.clarion.flutter.ClarionPlugin;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;
import org.junit.Test;

/** The shell knows everything that crosses the door, its README says what becomes of it, and it hides no state. */
public final class WholenessTest {
    private static final Path ROOT = Path.of(System.getProperty("clarion.root"));
    private static final Path SHELL = ROOT.resolve("sdk/android");

    private static List<String> typesOf(String union) throws IOException, JSONException {
        JSONObject all = new JSONObject(Files.readString(ROOT.resolve("sdk/generated/clarion.schema.json"))).getJSONObject("$defs");
        JSONArray members = all.getJSONObject(union).getJSONArray("oneOf");
        List<String> types = new ArrayList<>();
        for (int i = 0; i < members.length(); ++i) {
            String name = members.getJSONObject(i).getString("$ref").replaceAll(".*/", "");
            types.add(all.getJSONObject(name).getJSONObject("properties").getJSONObject("type").getString("const"));
        }
        assertTrue(types.size() > 15);
        return types;
    }

    private static String sources() throws IOException {
        try (Stream<Path> files = Files.walk(SHELL.resolve("src/main/kotlin"))) {
            StringBuilder text = new StringBuilder();
            for (Path file : files.filter(it -> it.toString().endsWith(".kt")).sorted().toList()) text.append(Files.readString(file));
            return text.toString();
        }
    }

    /** Rows of the README's tables: `type` | what becomes of it. */
    private static String rowOf(String readme, String type) {
        Matcher row = Pattern.compile("^\\|[^|]*`" + type + "`[^|]*\\|(.*)\\|$", Pattern.MULTILINE).matcher(readme);
        return row.find() ? row.group(1) : null;
    }

    private static void check(List<String> types, String constants) throws IOException {
        String readme = Files.readString(SHELL.resolve("README.md"));
        String sources = sources();
        List<String> faults = new ArrayList<>();
        for (String type : types) {
            String row = rowOf(readme, type);
            boolean used = Pattern.compile(constants + "\\." + type.toUpperCase() + "\\b").matcher(sources).find();
            if (row == null) faults.add(type + " has no row in the README");
            else if (used == row.contains("not applicable") && !row.contains("the app")) faults.add(type + ": the README says" + row);
            else if (!used && !row.contains("not applicable") && !row.contains("the app")) faults.add(type + " is not in the sources");
        }
        assertEquals(List.of(), faults);
    }

    @Test
    public void everyOutputIsPerformedOrListedAsNotApplicable() throws Exception {
        check(typesOf("engine_output"), "EngineOutputType");
    }

    @Test
    public void everyInputIsToldByTheShellOrTheAppOrListedAsNotApplicable() throws Exception {
        check(typesOf("engine_input"), "EngineInputType");
    }

    /** What goes into the call screen alone and not into the engine; what comes out of it the engine has, too. */
    @Test
    public void everyWordOfTheCallScreenAloneIsToldByTheShellOrTheApp() throws Exception {
        List<String> alone = typesOf("callui_input");
        alone.removeAll(typesOf("engine_input"));
        assertFalse(alone.isEmpty());
        check(alone, "CalluiInputType");
        assertTrue(typesOf("engine_output").containsAll(typesOf("callui_output")));
    }

    /**
     * Lines of code are neither blank nor comment. Of these, lines of logic do something when they run: no package, no import, no
     * annotation alone, no closing bracket alone, no declaration without a body (what an app implements, what JNI does).
     */
    @Test
    public void theReadmeSaysHowLargeTheShellIs() throws Exception {
        String code = sources().replaceAll("(?s)/\\*.*?\\*/", "");
        Predicate<String> isSaid = it -> !it.isBlank() && !it.strip().startsWith("//");
        long lines = code.lines().filter(isSaid).count();
        String declared = "(?m)^ *(private )?external fun [^)]*\\).*$|^ *(fun|val) [^={\\n]*$"; // The first over several lines.
        String passive = "package .*|import .*|(@\\w+(\\([^)]*\\))? ?)+|[\\])};,]+";
        long logic = code.replaceAll("(?<=@JvmStatic) (?=private external)", "\n").replaceAll(declared, "").lines()
                .filter(isSaid).filter(it -> !it.strip().matches(passive)).count();
        String said = Files.readString(SHELL.resolve("README.md"));
        assertTrue(lines + " and " + logic, said.contains(String.format("%,d lines of code, %,d of logic", lines, logic)));
    }

    /** Otherwise a death of the process in these tests would be none. */
    @Test
    public void noStateLivesInVariablesOfClassesButThoseThatDie() throws Exception {
        TreeSet<String> found = new TreeSet<>();
        for (Class<?> one : List.of(Clarion.class, ClarionPlugin.class)) found.addAll(variablesBeside(one));
        assertEquals(
                "[io.clarion.android.Clarion.listener, io.clarion.android.Clarion.running, io.clarion.android.Clarion.service, "
                        + "io.clarion.android.webrtc.WebRtc.usesBackCamera, io.clarion.android.webrtc.WebRtc.video, "
                        + "io.clarion.flutter.ClarionPlugin.listening]",
                found.toString());
        assertEquals(found.size(), Heap.variables().size());
    }

    /** Of every class that was compiled with this one. */
    private static TreeSet<String> variablesBeside(Class<?> one) throws Exception {
        TreeSet<String> found = new TreeSet<>();
        URL classes = one.getProtectionDomain().getCodeSource().getLocation();
        Path folder = Path.of(classes.toURI());
        try (Stream<Path> files = Files.walk(folder); URLClassLoader loader = new URLClassLoader(new URL[] {classes})) {
            for (Path file : files.filter(it -> it.toString().endsWith(".class")).toList()) {
                String name = folder.relativize(file).toString().replace(File.separatorChar, '.').replaceAll("\\.class$", "");
                if (!name.startsWith(one.getPackageName())) continue;
                for (Field field : Class.forName(name, false, loader).getDeclaredFields()) {
                    if (Heap.isVariable(field)) found.add(name + "." + field.getName());
                }
            }
        }
        return found;
    }

    @Test
    public void theShellHasNoExportedComponentAndNoUnknownOne() {
        Installed installed = new Installed(PhoneTest.MANIFEST);
        installed.components.forEach((name, component) -> {
            assertFalse(name, component.exported);
            try {
                Class.forName(name, false, Clarion.class.getClassLoader());
            } catch (ClassNotFoundException missing) {
                throw new AssertionError(name + " is in the manifest only", missing);
            }
        });
    }
}
