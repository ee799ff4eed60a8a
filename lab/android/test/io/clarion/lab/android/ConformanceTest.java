// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.clarion.android.Door;
import io.clarion.android.Journal;
import io.clarion.android.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import kotlin.Unit;
import org.junit.Test;

/**
 * The traces of tests/conformance through Kotlin and JNI: the same answers, byte for byte. Of a deadline only the time is
 * compared; the name of its timer is for logs, and does not cross this door.
 */
public final class ConformanceTest {
    private static final Path TRACES = Path.of(System.getProperty("clarion.root"), "tests/conformance/traces");
    private static final int OK = 0;
    private String config;
    private Door door;

    @Test
    public void everyTraceIsAnsweredAsItSays() throws IOException {
        List<Path> traces;
        try (Stream<Path> files = Files.list(TRACES)) {
            traces = files.filter(it -> it.toString().endsWith(".trace")).sorted().toList();
        }
        assertTrue("only " + traces, traces.size() >= 8);
        for (Path trace : traces) play(trace);
    }

    private void play(Path trace) throws IOException {
        List<String> lines = Files.readAllLines(trace);
        assertEquals("clarion-trace 1", lines.get(0));
        List<String> expected = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        String step = "";
        for (String line : lines.subList(1, lines.size())) {
            if (line.isEmpty() || line.startsWith("#")) continue;
            if (isAnswer(line)) {
                expected.add(line.startsWith("deadline ") ? line.split(" ")[0] + " " + line.split(" ")[1] : line);
                continue;
            }
            assertEquals(trace.getFileName() + ": " + step, String.join("\n", expected), String.join("\n", answers));
            expected.clear();
            step = line;
            answers = take(line);
        }
        assertEquals(trace.getFileName() + ": " + step, String.join("\n", expected), String.join("\n", answers));
    }

    private static boolean isAnswer(String line) {
        return Stream.of("code ", "out ", "deadline ", "value ").anyMatch(line::startsWith);
    }

    private List<String> take(String step) {
        List<String> answers = new ArrayList<>();
        String[] words = step.split(" ", 4);
        int code = OK;
        switch (words[0]) {
            case "calls" -> {
                String view = door.view();
                return List.of("value " + view.substring("{\"calls\":".length(), view.length() - 1));
            }
            case "engine" -> {
                config = words[3];
                open(null, Long.parseLong(words[1]), 0, Long.parseLong(words[2]));
            }
            case "restart" -> open(new Journal(door.snapshot(), words[3].equals("same_boot") ? -1 : 0), Long.parseLong(words[1]),
                    Long.parseLong(words[2]), 0);
            case "send" -> code = door.send(Long.parseLong(words[1]), step.split(" ", 3)[2]);
            case "timeout" -> code = door.handleTimeout(Long.parseLong(words[1]));
            default -> throw new AssertionError("no such step: " + step);
        }
        if (code != OK) answers.add("code " + code);
        for (String output = door.receive(); output != null; output = door.receive()) answers.add("out " + output);
        long deadline = door.nextDeadline();
        answers.add("deadline " + (deadline == Long.MAX_VALUE ? "none" : deadline));
        return answers;
    }

    private void open(Journal journal, long now, long wall, long seed) {
        List<String> log = new ArrayList<>();
        door = Door.Companion.open(Machine.ENGINE, config, journal, now, wall, seed, text -> {
            log.add(text);
            return Unit.INSTANCE;
        });
        assertEquals(List.of(), log);
    }
}
