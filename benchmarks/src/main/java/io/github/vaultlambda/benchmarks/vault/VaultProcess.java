package io.github.vaultlambda.benchmarks.vault;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The testkit's Vault as a process of its own, so that it does not share a JVM with what measures. One thread at a time. */
public final class VaultProcess implements AutoCloseable {
    /** What can be read. */
    public static final List<String> SECRETS =
            List.of("secret/data/orders/db", "secret/data/orders/queue", "secret/data/orders/mail");

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final String token;

    /** Starts it. */
    public VaultProcess() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        VaultProgram.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader();
        questions = process.outputWriter();
        for (String line = answers.readLine(); line != null && !line.isEmpty(); line = answers.readLine()) {
            int equals = line.indexOf('=');
            variables.put(line.substring(0, equals), line.substring(equals + 1));
        }
        token = Objects.requireNonNull(variables.remove(VaultProgram.TOKEN), "Vault did not start");
    }

    /** The variables of a function that may log in. */
    public Map<String, String> variables() {
        return new LinkedHashMap<>(variables);
    }

    /** Where it listens. */
    public URI address() {
        return URI.create(Objects.requireNonNull(variables.get("VAULT_ADDR")));
    }

    /** A token that may read the secrets. */
    public String token() {
        return token;
    }

    /** How many requests Vault has had since this was asked last. */
    public int requests() throws IOException {
        questions.newLine();
        questions.flush();
        return Integer.parseInt(answers.readLine());
    }

    @Override
    public void close() throws IOException {
        questions.close();
        process.destroy();
    }
}
