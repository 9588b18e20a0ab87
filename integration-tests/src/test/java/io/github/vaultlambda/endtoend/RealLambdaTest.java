package io.github.vaultlambda.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vaultlambda.contract.Eventually;
import io.github.vaultlambda.contract.FunctionEngine;
import io.github.vaultlambda.examples.Fingerprint;
import io.github.vaultlambda.examples.InvoiceFunction;
import io.github.vaultlambda.examples.OrdersFunctionWithVault;
import io.github.vaultlambda.examples.ProxyFunction;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Functions in Java, Python and Node under AWS's Lambda runtime interface emulator, with HashiCorp's Vault and LocalStack's STS;
 * each in a container.
 */
class RealLambdaTest {
    private static final String FILE = "/tmp/vault/secret.json";

    private static @Nullable FunctionEngine engine;

    /** The languages, each with a function that reads the secret through the proxy and from the file. */
    enum Language {
        JAVA,
        PYTHON,
        NODE;

        LambdaContainer.Builder function() {
            return switch (this) {
                case JAVA -> LambdaContainer.java(ProxyFunction.class);
                case PYTHON -> LambdaContainer.python();
                case NODE -> LambdaContainer.node();
            };
        }
    }

    @BeforeAll
    static void start() {
        engine = FunctionEngine.start(LambdaContainer.IMAGE);
    }

    @AfterAll
    static void stop() {
        if (engine != null) {
            engine.close();
        }
    }

    private static FunctionEngine engine() {
        return Objects.requireNonNull(engine);
    }

    private static void hasReadThroughProxy(JsonNode answer, String password) {
        assertThat(answer.path("passwordFingerprint").asText())
                .as(() -> "in " + answer)
                .isEqualTo(Fingerprint.of(password));
    }

    private static void hasReadFile(JsonNode answer, String password) {
        assertThat(answer.path("fileFingerprint").asText())
                .as(() -> "in " + answer)
                .isEqualTo(Fingerprint.of(password));
    }

    private static void eventuallyReadsFile(LambdaContainer lambda, String event, String password) {
        Eventually.isTrue(
                "the file has the current secret",
                () -> lambda.invoke(event).path("fileFingerprint").asText().equals(Fingerprint.of(password)));
    }

    /** What a container prints needs its time to come through the engine. */
    private static void eventuallyPrints(LambdaContainer lambda, String pattern) {
        Pattern wanted = Pattern.compile(pattern);
        Eventually.isTrue(
                "printed: " + pattern, () -> wanted.matcher(lambda.log()).find());
    }

    /** In the function's own process, through the handler wrapper. */
    @Nested
    class InProcess {
        @Test
        void annotatedFieldFollowsTheSecret() {
            String first = engine().rotate();
            try (LambdaContainer lambda = LambdaContainer.java(OrdersFunctionWithVault.class)
                    .variables(engine().variables())
                    .variable("VAULT_DEFAULT_CACHE_TTL", "1ms")
                    .start(engine(), "in-process-annotated")) {
                hasReadThroughProxy(lambda.invoke("{}"), first);
                String second = engine().rotate();
                hasReadThroughProxy(lambda.invoke("{}"), second);
            }
        }

        @Test
        void decoratedStreamHandlerGetsARecord() {
            String password = engine().rotate();
            try (LambdaContainer lambda = LambdaContainer.java(InvoiceFunction.class)
                    .variables(engine().variables())
                    .start(engine(), "in-process-decorated")) {
                JsonNode answer = lambda.invoke("{}");
                assertThat(answer.path("user").asText()).isEqualTo("orders");
                hasReadThroughProxy(answer, password);
            }
        }

        @Test
        void refusedLoginIsTheFunctionsError() {
            try (LambdaContainer lambda = LambdaContainer.java(OrdersFunctionWithVault.class)
                    .variables(engine().strangersVariables())
                    .start(engine(), "in-process-refused")) {
                JsonNode error = lambda.invoke("{}");
                assertThat(error.path("errorType").asText()).endsWith("RoleNotBoundException");
                assertThat(error.path("errorMessage").asText())
                        .contains("bound_iam_principal_arn of auth/aws/role/orders");
            }
        }
    }

    /** With the extension beside the function, from the layer under test. */
    @Nested
    class BesideIt {
        private final Path layer = Stage.layer();

        private LambdaContainer start(LambdaContainer.Builder function, Map<String, String> variables, String name) {
            return function.layer(layer)
                    .variables(variables)
                    .variable("VLE_VAULT_ADDR", engine().address())
                    .variable("VAULT_ADDR", "http://127.0.0.1:8200")
                    .variable("VAULT_SECRET_PATH", "secret/data/orders/db")
                    .variable("VAULT_SECRET_FILE", FILE)
                    .variable("VAULT_DEFAULT_CACHE_TTL", "0s")
                    .variable("VAULT_LOG_LEVEL", "trace")
                    .start(engine(), layer.getFileName() + "-" + name);
        }

        @ParameterizedTest
        @EnumSource(Language.class)
        void functionReadsThroughTheProxyAndFromTheFile(Language language) {
            String first = engine().rotate();
            int tokens = engine().functionTokens();
            try (LambdaContainer lambda = start(
                    language.function().variable("VAULT_REVOKE_TOKEN_ON_CLOSE", "true"),
                    engine().variables(),
                    language.name().toLowerCase(Locale.ROOT))) {
                JsonNode answer = lambda.invoke("{\"order\":\"4711\"}");
                assertThat(answer.path("order").asText()).as(answer::toString).isEqualTo("4711");
                hasReadThroughProxy(answer, first);
                hasReadFile(answer, first);
                String second = engine().rotate();
                hasReadThroughProxy(lambda.invoke("{}"), second);
                assertThat(engine().functionTokens()).isEqualTo(tokens + 1);

                lambda.shutDown();

                assertThat(engine().functionTokens()).as("revoked at SHUTDOWN").isEqualTo(tokens);
            }
        }

        @Test
        void fileModeRefreshesTheFileAndOpensNoPort() {
            String first = engine().rotate();
            try (LambdaContainer lambda = start(
                    LambdaContainer.python().variable("VAULT_RUN_MODE", "file"), engine().variables(), "file-mode")) {
                hasReadFile(lambda.invoke("{\"proxy\":false}"), first);
                assertThat(lambda.shell("ls -l " + FILE)).startsWith("-rw-------");
                String second = engine().rotate();
                eventuallyReadsFile(lambda, "{\"proxy\":false}", second);
                assertThat(lambda.invoke("{\"file\":false}")
                                .path("errorMessage")
                                .asText())
                        .contains("Connection refused");
            }
        }

        @Test
        void proxyModeWritesNoFile() {
            String password = engine().rotate();
            try (LambdaContainer lambda = start(
                    LambdaContainer.node().variable("VAULT_RUN_MODE", "proxy"), engine().variables(), "proxy-mode")) {
                hasReadThroughProxy(lambda.invoke("{\"file\":false}"), password);
                assertThat(lambda.shell("ls -A /tmp/vault 2>/dev/null")).isEmpty();
            }
        }

        @Test
        void runtimeHasSecretsInItsVariables() {
            String password = engine().rotate();
            try (LambdaContainer lambda = LambdaContainer.python()
                    .layer(layer)
                    .variables(engine().variables())
                    .variable("AWS_LAMBDA_EXEC_WRAPPER", "/opt/vault-exec")
                    .variable("DB_PASSWORD", "vault:secret/data/orders/db#password")
                    .start(engine(), layer.getFileName() + "-variables")) {
                JsonNode answer = lambda.invoke("{\"proxy\":false,\"file\":false}");
                assertThat(answer.path("variableFingerprint").asText())
                        .as(answer::toString)
                        .isEqualTo(Fingerprint.of(password));
            }
        }

        @Test
        void frozenUntilItsTokenHasExpiredItLogsInAgain() {
            String first = engine().rotate();
            int tokens = engine().functionTokens();
            try (LambdaContainer lambda = start(LambdaContainer.node(), engine().shortLivedVariables(), "frozen")) {
                hasReadThroughProxy(lambda.invoke("{}"), first);
                lambda.freeze();
                String second = engine().rotate();
                Eventually.isTrue("its token has expired", () -> engine().functionTokens() == tokens);
                lambda.thaw();
                hasReadThroughProxy(lambda.invoke("{}"), second);
            }
        }

        @Test
        void killedItIsStartedAgainWithTheEnvironment() {
            String password = engine().rotate();
            try (LambdaContainer lambda = start(LambdaContainer.node(), engine().variables(), "killed")) {
                hasReadFile(lambda.invoke("{}"), password);
                lambda.shell("kill -9 $(grep -la '[v]ault-lambda-extension' /proc/[0-9]*/cmdline | cut -d/ -f3)");
                eventuallyReadsFile(lambda, "{}", password);
                eventuallyPrints(lambda, "Extension\\.Crash");
            }
        }

        @Test
        void withoutATmpToWriteToTheProxyWorks() {
            String password = engine().rotate();
            try (LambdaContainer lambda = start(
                    LambdaContainer.node().tmp("ro").variable("VAULT_RUN_MODE", "proxy"),
                    engine().variables(),
                    "read-only-proxy")) {
                hasReadThroughProxy(lambda.invoke("{\"file\":false}"), password);
            }
        }

        @Test
        void withoutATmpToWriteToFilesAreAClearError() {
            try (LambdaContainer lambda =
                    start(LambdaContainer.node().tmp("ro"), engine().variables(), "read-only-files")) {
                assertThat(lambda.invoke("{}").has("fileFingerprint")).isFalse();
                eventuallyPrints(lambda, "\\[ERROR\\][^\\n]*/tmp/vault[^\\n]*Read-only file system");
            }
        }

        @Test
        void onAFullDiskTheFileStaysWhole() {
            String first = engine().rotate();
            try (LambdaContainer lambda =
                    start(LambdaContainer.node().tmp("rw,size=256k,mode=1777"), engine().variables(), "full-disk")) {
                hasReadFile(lambda.invoke("{}"), first);
                lambda.shell("dd if=/dev/zero of=/tmp/filling bs=4k count=1000");
                String second = engine().rotate();
                for (int i = 0; i < 2; i++) {
                    JsonNode answer = lambda.invoke("{}");
                    hasReadThroughProxy(answer, second);
                    hasReadFile(answer, first);
                }
                eventuallyPrints(lambda, "\\[WARN\\][^\\n]*" + FILE);
                lambda.shell("rm /tmp/filling");
                eventuallyReadsFile(lambda, "{}", second);
            }
        }

        @Test
        void refusedLoginIsOneClearLine() {
            try (LambdaContainer lambda = start(LambdaContainer.node(), engine().strangersVariables(), "refused")) {
                assertThat(lambda.invoke("{}").has("passwordFingerprint")).isFalse();
                eventuallyPrints(lambda, "\\[ERROR\\]");
                assertThat(lambda.log().lines())
                        .filteredOn(line -> line.contains("[ERROR]") && !line.contains("(rapid)"))
                        .singleElement()
                        .asString()
                        .contains("bound_iam_principal_arn of auth/aws/role/orders");
            }
        }
    }
}
