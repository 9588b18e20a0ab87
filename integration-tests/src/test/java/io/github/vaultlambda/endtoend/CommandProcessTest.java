package io.github.vaultlambda.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands of the packaged program. */
final class CommandProcessTest {
    @AutoClose
    private final Stage stage = new Stage();

    @TempDir
    private Path folder = Path.of("unset");

    /** What came of a command. The output may be a secret, and so is shown by nobody. */
    private record Outcome(int code, String out, String err) {
        @Override
        public String toString() {
            return "exit code " + code + ", " + err;
        }
    }

    private Outcome run(Map<String, String> variables, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Stage.program().toString()));
        command.addAll(Arrays.asList(arguments));
        File out = folder.resolve("out").toFile();
        File err = folder.resolve("err").toFile();
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out).redirectError(err);
        for (String name : List.copyOf(builder.environment().keySet())) {
            if (name.startsWith("VAULT_") || name.startsWith("AWS_")) {
                builder.environment().remove(name);
            }
        }
        builder.environment().putAll(variables);
        int code = builder.start().waitFor();
        return new Outcome(code, Files.readString(out.toPath(), UTF_8), Files.readString(err.toPath(), UTF_8));
    }

    private Map<String, String> variables() {
        Map<String, String> variables = stage.variables();
        variables.remove("VAULT_LOG_LEVEL");
        variables.put("VAULT_MAX_RETRIES", "0");
        return variables;
    }

    @Test
    void saysItsVersionAndHelps() throws Exception {
        Outcome version = run(Map.of(), "version");
        assertThat(version.code()).isZero();
        assertThat(version.out()).startsWith(Stage.EXTENSION + " ").doesNotContain("development");
        Outcome help = run(Map.of(), "--help");
        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("login", "read", "exec", "doctor", "version", "Exit codes");
        assertThat(run(Map.of(), "unknown").code()).isEqualTo(2);
    }

    @Test
    void readsASecret() throws Exception {
        String password = stage.rotate();
        Outcome read = run(variables(), "read", Stage.SECRET + "#password");
        assertThat(read.code()).as(read::toString).isZero();
        assertThat(read.out().equals(password + "\n")).isTrue();
        assertThat(read.err()).isEmpty();
    }

    @Test
    void logsInAndPrintsNoToken() throws Exception {
        Outcome login = run(variables(), "login", "--json");
        assertThat(login.code()).as(login::toString).isZero();
        assertThat(login.out()).contains("\"accessor\":\"", "\"policies\":[").doesNotContain("\"token\":");
        assertThat(run(variables(), "login", "--json", "--token").out().contains("\"token\":\""))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"VAULT_ADDR, '', 3", "VAULT_AUTH_ROLE, none, 4", "VAULT_ADDR, http://127.0.0.1:1, 7"})
    void itsExitCodeTellsWhy(String variable, String value, int code) throws Exception {
        Map<String, String> variables = variables();
        variables.put(variable, value);
        for (String command : List.of("login", "doctor")) {
            Outcome outcome = run(variables, command);
            assertThat(outcome.code()).as(outcome::toString).isEqualTo(code);
        }
    }

    @Test
    void doctorSaysThatAllIsWell() throws Exception {
        Map<String, String> variables = variables();
        variables.put("VAULT_SECRET_PATH", Stage.SECRET);
        variables.put("VAULT_SECRET_FILE", folder.resolve("secret.json").toString());
        Outcome doctor = run(variables, "doctor", "--json");
        assertThat(doctor.out()).startsWith("{\"ok\":true,");
        assertThat(doctor.code()).isZero();
    }

    @Test
    void startsAProgramWithSecrets() throws Exception {
        String password = stage.rotate();
        Map<String, String> variables = variables();
        variables.put("DB_PASSWORD", "vault:" + Stage.SECRET + "#password");
        Outcome exec = run(
                variables,
                "exec",
                "--",
                "/bin/sh",
                "-c",
                "printf '%s|' \"$DB_PASSWORD\" \"$@\"; exit 9",
                "x",
                "a  b",
                "--json");
        assertThat(exec.code()).as(exec::toString).isEqualTo(9);
        assertThat(exec.out().equals(password + "|a  b|--json|")).isTrue();
    }

    @Test
    void theProgramDoesNotStartWhereAReferenceCannotBeResolved() throws Exception {
        Map<String, String> variables = variables();
        variables.put("DB_PASSWORD", "vault:" + Stage.SECRET + "#none");
        Outcome exec = run(variables, "exec", "--", "/bin/sh", "-c", "echo started");
        assertThat(exec.code()).as(exec::toString).isEqualTo(6);
        assertThat(exec.out()).isEmpty();
        assertThat(exec.err()).contains("DB_PASSWORD", "#none does not exist");
    }
}
