package io.github.vaultlambda.extension.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The layer's script, in the shells that Lambda's images have, with a program that prints lines as the real one does. */
class VaultExecScriptTest {
    private static final Path SCRIPT = Path.of("src/main/layer/vault-exec").toAbsolutePath();

    @TempDir
    Path directory;

    private Path lines = Path.of("");
    private Path program = Path.of("");

    @BeforeEach
    void setUp() throws IOException {
        lines = directory.resolve("lines");
        program = directory.resolve("resolves");
        write(program, "#!/bin/sh\n[ \"$1 $2\" = 'exec --shell' ] || exit 9\ncat '" + lines + "'\n");
    }

    private static void write(Path script, String text) throws IOException {
        Files.writeString(script, text);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    /** What came of a run: the variables that the program had, its process and its exit code. */
    private record Outcome(
            Map<String, String> variables, long process, long programsProcess, int code, String output) {}

    private Outcome run(List<String> shell, Map<String, String> environment, String... command) throws Exception {
        List<String> all = new ArrayList<>(shell);
        all.add(SCRIPT.toString());
        all.addAll(Arrays.asList(command));
        ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("VAULT_EXEC_PROGRAM", program.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        int code = process.waitFor();
        Map<String, String> variables = new TreeMap<>();
        Path dump = directory.resolve("environ");
        if (Files.exists(dump)) {
            for (String variable : Files.readString(dump).split("\0", -1)) {
                if (variable.isEmpty()) {
                    continue; // behind the last one
                }
                int equals = variable.indexOf('=');
                variables.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        Path id = directory.resolve("pid");
        long inside = Files.exists(id) ? Long.parseLong(Files.readString(id).strip()) : -1;
        return new Outcome(variables, process.pid(), inside, code, output);
    }

    private String[] dumping(String... arguments) throws IOException {
        Path target = directory.resolve("target");
        write(
                target,
                "#!/bin/sh\necho $$ > '" + directory + "/pid'\ncat /proc/$$/environ > '" + directory
                        + "/environ'\nprintf '%s|' \"$@\"\nexit 7\n");
        String[] command = new String[arguments.length + 1];
        command[0] = target.toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return command;
    }

    private static List<String> shell(String name) {
        List<String> command = new ArrayList<>(List.of(name.split(" ", -1)));
        Path binary = Path.of("/bin", command.get(0));
        assumeTrue(Files.isExecutable(binary), name + " is not on this machine, so the script is NOT tried in it");
        command.set(0, binary.toString());
        return command;
    }

    @ParameterizedTest
    @ValueSource(strings = {"sh", "dash", "bash", "bash --posix", "busybox sh"})
    void takesSecretsAsTheyAreAndEvaluatesNothing(String name) throws Exception {
        Map<String, String> before = new TreeMap<>(Map.of("KEPT", "as it was", "R", "vault:x#y", "S", "vault:x#z"));
        Map<String, String> after = new TreeMap<>(before);
        after.put("A_TRAP", "$(touch " + directory + "/evaluated) `touch " + directory + "/evaluated` ; * ? ~ $HOME");
        after.put("B_LINES", "\none\n\ntwo\n\n");
        after.put("C_QUOTES", "'\"\\ \\n \\\\ %s %% \\0101 \t");
        after.put("D_EMPTY", "");
        after.put("E_WIDE", "pässwörd 😀 =x=y");
        after.put("F_SPACE", "  both ends  ");
        after.put("R", "-n");
        after.put("S", "long ".repeat(20_000));
        Files.writeString(lines, ShellLines.of(before, after));
        Outcome outcome = run(shell(name), before, dumping("a  b", "", "$HOME", "*", "\\n", "line\nbreak", "--", "-x"));
        assertThat(outcome.code()).as(outcome.output()).isEqualTo(7);
        assertThat(outcome.variables()).containsAllEntriesOf(after);
        assertThat(outcome.variables().keySet()).noneMatch(variable -> variable.startsWith("vault_exec"));
        assertThat(outcome.programsProcess()).isEqualTo(outcome.process());
        assertThat(outcome.output()).isEqualTo("a  b||$HOME|*|\\n|line\nbreak|--|-x|");
        assertThat(directory.resolve("evaluated")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sh", "dash", "bash", "bash --posix", "busybox sh"})
    void asksNobodyWhereThereIsNoReference(String name) throws Exception {
        Map<String, String> variables =
                Map.of("VAULT_EXEC_PROGRAM", "/none", "VAULT_ADDR", "http://vault:8200", "A", "b vault:x");
        Outcome outcome = run(shell(name), variables, dumping("x"));
        assertThat(outcome.code()).isEqualTo(7);
        assertThat(outcome.output()).isEqualTo("x|");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sh", "dash", "bash", "bash --posix", "busybox sh"})
    void findsAReferenceWithinAValue(String name) throws Exception {
        Files.writeString(lines, "A=found\n");
        Outcome outcome = run(shell(name), Map.of("A", "a ${vault:x#y} 'b'"), dumping());
        assertThat(outcome.variables()).containsEntry("A", "found");
    }

    @Test
    void startsNothingWhereResolvingFails() throws Exception {
        write(program, "#!/bin/sh\necho 'A=half a'\necho why >&2\nexit 5\n");
        Outcome outcome = run(List.of("/bin/sh"), Map.of("A", "vault:x#y"), dumping());
        assertThat(outcome.code()).isEqualTo(5);
        assertThat(outcome.output()).isEqualTo("why\n");
        assertThat(outcome.variables()).isEmpty();
    }

    @Test
    void saysHowItIsUsed() throws Exception {
        Outcome outcome = run(List.of("/bin/sh"), Map.of());
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.output()).contains("Usage: vault-exec PROGRAM");
    }
}
