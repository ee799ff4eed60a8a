// SPDX-License-Identifier: Apache-2.0
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;

/** A kotlinc that stays warm: a line of arguments in, between them tabs; its exit code out, and what it says in one line. */
final class Kotlinc {
    public static void main(String[] none) throws IOException {
        PrintStream out = System.out;
        System.setOut(System.err);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            int code = new K2JVMCompiler().exec(new PrintStream(said), line.split("\t")).getCode();
            out.println(code + " " + said.toString(StandardCharsets.UTF_8).replace('\n', ' '));
            out.flush();
        }
    }
}
