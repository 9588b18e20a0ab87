package io.github.vaultlambda.examples.firstlight;

import io.github.vaultlambda.examples.Fingerprint;
import io.github.vaultlambda.examples.OrdersFunction;
import io.github.vaultlambda.examples.OrdersFunctionWithVault;
import io.github.vaultlambda.examples.ProxyFunction;
import io.github.vaultlambda.testkit.FunctionVault;
import io.github.vaultlambda.testkit.InvocationResult;
import io.github.vaultlambda.testkit.LambdaEmulator;
import io.github.vaultlambda.testkit.ShutdownReport;
import io.github.vaultlambda.testkit.TestSecrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs a Java function under AWS's own runtime client, once with the secret read in its own process and once through the
 * extension; invokes it, changes the secret in Vault, invokes it again. Prints what was logged in, read, from where and in how
 * long. The exit code is 0 when everything held.
 */
public final class FirstLight {
    private static final String SECRET = "secret/data/orders/db";
    private static final String EXTENSION = "vault-lambda-extension";
    private static final Duration FRESHNESS = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String EVENT = "{\"order\":\"4711\"}";

    private final Report report = new Report(System.out);
    private final Path layer = Path.of(System.getProperty("extension.layer", "extension-binary/target/layer"));
    private final List<String> output = new ArrayList<>();

    private FirstLight() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) {
        System.exit(new FirstLight().run() ? 0 : 1);
    }

    private boolean run() {
        if (!Files.isDirectory(layer.resolve("extensions"))) {
            report.check(
                    false,
                    "the extension's layer is built: nothing at "
                            + layer.toAbsolutePath().normalize());
            return report.conclude();
        }
        try (FunctionVault vault = FunctionVault.start()) {
            report.title("Vault and STS (stand-ins that verify every signature)");
            report.line("Vault", vault.vault().address() + ", KV v2 secret at " + SECRET);
            report.line(
                    "login", "AWS IAM at auth/" + FunctionVault.AUTH_MOUNT + " as role " + FunctionVault.VAULT_ROLE);
            report.line("bound to", vault.roleArn());
            inProcess(vault);
            throughExtension(vault);
        }
        sizes();
        report.title("Secrecy");
        report.check(
                output.stream().noneMatch(line -> line.contains(TestSecrets.MARKER)),
                "no secret or token in the " + output.size() + " lines that the processes printed");
        return report.conclude();
    }

    private void inProcess(FunctionVault vault) {
        report.title(
                "1. In the function's own process: " + OrdersFunction.class.getSimpleName() + " with @VaultSecret");
        String first = rotate(vault);
        vault.vault().clearRequests();
        int loginsBefore = vault.vault().loginCount();
        try (LambdaEmulator lambda =
                function(vault, OrdersFunctionWithVault.class).build()) {
            long init = lambda.init().duration().toMillis();
            report.line("init", init + " ms");
            InvocationResult result = invoke(lambda);
            loggedIn();
            report.line("JVM start to first secret", field(result, "millisFromJvmStart") + " ms");
            report.line("resident memory of the function", memory(lambda, LambdaEmulator.FUNCTION));
            shows(result, "passwordFingerprint", first, "the first invocation has the value from Vault");
            report.check(vault.vault().loginCount() - loginsBefore == 1, "logged in once, as the function's role");
            rotateAndAwait(vault, lambda, "passwordFingerprint");
            report.check(vault.vault().loginCount() - loginsBefore == 1, "still the same login");
            requests(vault);
            lambda.shutdown();
        }
    }

    private void throughExtension(FunctionVault vault) {
        report.title(
                "2. Through the extension: " + ProxyFunction.class.getSimpleName() + " with plain HTTP and a file");
        String first = rotate(vault);
        vault.vault().clearRequests();
        int loginsBefore = vault.vault().loginCount();
        Path folder = temporaryFolder();
        Path file = folder.resolve("secrets/orders.json");
        try (LambdaEmulator lambda = function(vault, ProxyFunction.class)
                .extensionsDirectory(layer.resolve("extensions"))
                .environment(Map.of(
                        "VAULT_SECRET_PATH", SECRET,
                        "VAULT_SECRET_FILE", file.toString(),
                        "VAULT_EXTENSION_PROXY_PORT", Integer.toString(FreePort.preferring(8200))))
                .build()) {
            var init = lambda.init();
            report.line("init", init.duration().toMillis() + " ms");
            report.line(
                    "extension start to register",
                    Objects.requireNonNull(init.registered().get(EXTENSION)).toMillis() + " ms");
            loggedIn();
            report.check(Files.exists(file), "the secret file was written before the function started");
            InvocationResult result = invoke(lambda);
            report.line("resident memory of the extension", memory(lambda, EXTENSION));
            shows(result, "passwordFingerprint", first, "the first invocation has the value through the proxy");
            shows(result, "fileFingerprint", first, "and the same value in the file");
            report.check(vault.vault().loginCount() - loginsBefore == 1, "logged in once, as the function's role");
            rotateAndAwait(vault, lambda, "passwordFingerprint");
            requests(vault);
            ShutdownReport shutdown = lambda.shutdown();
            report.check(shutdown.process(EXTENSION).exitCode() == 0, "the extension ended by itself after SHUTDOWN");
        } finally {
            delete(folder);
        }
    }

    /** What the process itself says of its login. */
    private void loggedIn() {
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        String said = loginLine();
        while (said == null && System.nanoTime() - patience < 0) {
            Thread.onSpinWait(); // the first lines of a process are written in the background
            said = loginLine();
        }
        if (said == null) {
            report.check(false, "the process says in its log that it logged in");
        } else {
            report.line("its log", said);
        }
    }

    private @Nullable String loginLine() {
        synchronized (output) {
            for (int i = output.size() - 1; i >= 0; i--) {
                int start = output.get(i).indexOf("Logged in to Vault");
                if (start >= 0) {
                    return output.get(i).substring(start);
                }
            }
        }
        return null;
    }

    private void requests(FunctionVault vault) {
        Map<String, Long> counts = vault.vault().requests().stream()
                .filter(request -> request.login() || request.method().equals("GET"))
                .collect(Collectors.groupingBy(
                        request -> request.method() + " " + request.path(), TreeMap::new, Collectors.counting()));
        counts.forEach((request, count) -> report.line("seen by Vault", count + " x " + request));
    }

    private LambdaEmulator.Builder function(FunctionVault vault, Class<?> handler) {
        return LambdaEmulator.builder()
                .javaFunction(ClassPath.ofFunction(), handler.getName(), "-Xmx435m")
                .memorySize(512)
                .environment(vault.environment())
                .environment(Map.of("VAULT_DEFAULT_CACHE_TTL", FRESHNESS.toSeconds() + "s"))
                .outputListener((process, line) -> {
                    synchronized (output) {
                        output.add(line);
                    }
                });
    }

    /** Writes a new version of the secret; the answer is its password. */
    private static String rotate(FunctionVault vault) {
        String password = TestSecrets.mint("password-");
        vault.giveSecret(SECRET, Map.of("user", "orders", "password", password));
        return password;
    }

    /** Changes the secret and invokes until the function has the new value; each value must be the old one or the new one. */
    private void rotateAndAwait(FunctionVault vault, LambdaEmulator lambda, String field) {
        String expected = Fingerprint.of(rotate(vault));
        long start = System.nanoTime();
        int invocations = 0;
        boolean arrived = false;
        while (!arrived && System.nanoTime() - start < PATIENCE.toNanos()) {
            arrived = expected.equals(field(invoke(lambda), field));
            invocations++;
            pause();
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        report.line(
                "secret changed in Vault",
                "new value " + (arrived ? "arrived" : "missing") + " after " + millis + " ms, in invocation "
                        + invocations);
        report.check(arrived, "the new value arrived without a new login or a restart");
    }

    /** As if invocations came in at some twenty a second. */
    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private InvocationResult invoke(LambdaEmulator lambda) {
        InvocationResult result = lambda.invoke(EVENT);
        if (result.outcome() != InvocationResult.Outcome.OK) {
            report.check(false, "invocation ended with " + result.outcome() + ": " + result.payloadText());
        }
        return result;
    }

    private void shows(InvocationResult result, String field, String secret, String promise) {
        report.check(Fingerprint.of(secret).equals(field(result, field)), promise);
    }

    private static String field(InvocationResult result, String name) {
        Matcher matcher =
                Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(result.payloadText());
        return matcher.find() ? matcher.group(1) : "";
    }

    private static String memory(LambdaEmulator lambda, String process) {
        var kilobytes = ResidentMemory.kilobytesOf(lambda.process(process));
        return kilobytes.isEmpty() ? "not known on this system" : kilobytes.getAsLong() / 1024 + " MB";
    }

    private void sizes() {
        report.title("Sizes");
        try (var files = Files.walk(layer)) {
            report.line(
                    "extension layer, unpacked",
                    bytes(files.filter(Files::isRegularFile).toList()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Path jar : ClassPath.ofThisRun()) {
            if (jar.toFile().isFile()) {
                report.line(jar.getFileName().toString(), bytes(List.of(jar)));
            }
        }
    }

    private static String bytes(List<Path> files) {
        long sum = files.stream().mapToLong(file -> file.toFile().length()).sum();
        return String.format(Locale.ROOT, "%,d bytes", sum);
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("first-light");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
