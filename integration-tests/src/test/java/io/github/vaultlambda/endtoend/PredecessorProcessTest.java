package io.github.vaultlambda.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.vaultlambda.testkit.LambdaEmulator;
import io.github.vaultlambda.testkit.LambdaInitException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What vault-lambda-extension makes of its variables and of a secret in a file, and whoever takes its place has to. */
final class PredecessorProcessTest {
    @AutoClose
    private final Stage stage = new Stage();

    @TempDir
    private Path folder = Path.of("unset");

    private Map<String, String> variables() {
        Map<String, String> variables = stage.extensionVariables();
        variables.put("VAULT_SECRET_PATH", Stage.SECRET);
        variables.put("VAULT_SECRET_FILE", folder.resolve("secret.json").toString());
        return variables;
    }

    private static String spelledOut(@Nullable String value) {
        return value == null ? "" : value;
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "VAULT_AUTH_PROVIDER, ' '",
        "VAULT_AUTH_ROLE, ''",
        "VAULT_SECRET_PATH_DB, kv/db",
        "VAULT_SECRET_FILE_DB, db.json",
        "VAULT_SECRET_PATH_, kv/db",
        "VAULT_TOKEN_EXPIRY_GRACE_PERIOD, 10",
        "VAULT_TOKEN_EXPIRY_GRACE_PERIOD, soon",
        "VAULT_SKIP_VERIFY, maybe",
        "VAULT_CLIENT_CERT, /none.pem",
        "VAULT_CLIENT_TIMEOUT, soon",
        "VAULT_MAX_RETRIES, -1",
        "VAULT_RATE_LIMIT, many",
        "VAULT_HEADERS, '{\"X-Vault-Token\":\"x\"}'",
        "VAULT_HEADERS, none",
        "VAULT_CACERT, /none.pem",
        "VAULT_CAPATH, /none",
        "VAULT_DISABLE_REDIRECTS, maybe",
        "VAULT_SRV_LOOKUP, maybe",
        "VAULT_ADDR, 'ftp://127.0.0.1'",
    })
    void endsWhereAVariableIsWrong(String variable, String value) {
        Map<String, String> variables = variables();
        variables.put(variable, value);
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            assertThatExceptionOfType(LambdaInitException.class)
                    .isThrownBy(lambda::init)
                    .satisfies(failure -> assertThat(failure.errorType()).isEqualTo("Extension.ConfigInvalid"))
                    .withMessageContaining(variable);
        }
        assertThat(stage.vault().requests()).as("said before anybody is asked").isEmpty();
    }

    @ParameterizedTest(name = "{0}={1} {2}={3}")
    @CsvSource({
        "VAULT_AUTH_PROVIDER, ' /aws/ ', '', ''",
        "VAULT_AUTH_ROLE, ' orders ', '', ''",
        "VAULT_RUN_MODE, whatever, '', ''",
        "VAULT_RUN_MODE, ' Default ', '', ''",
        "VAULT_TOKEN_EXPIRY_GRACE_PERIOD, -1h3m, '', ''",
        "VAULT_TOKEN_EXPIRY_GRACE_PERIOD, .5s, '', ''",
        "VAULT_DEFAULT_CACHE_TTL, junk, VAULT_DEFAULT_CACHE_ENABLED, perhaps",
        "VAULT_LOG_LEVEL, loud, '', ''",
        "VAULT_TOKEN, hvs.nobodys, '', ''",
        "VAULT_WRAP_TTL, 60s, '', ''",
        "VAULT_NAMESPACE, ' ', '', ''",
        "VLE_VAULT_ADDR, ' ', '', ''",
        "VAULT_MFA, x, VAULT_FORMAT, json",
        "VAULT_CLIENT_TIMEOUT, ' 2d ', VAULT_RATE_LIMIT, 10:20",
    })
    void serves(String variable, String value, String another, String anothersValue) throws Exception {
        Map<String, String> variables = variables();
        variables.put(variable, spelledOut(value));
        if (!spelledOut(another).isEmpty()) {
            variables.put(another, anothersValue);
        }
        String password = stage.rotate();
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            lambda.init();
            assertThat(Files.readString(folder.resolve("secret.json")).contains(password))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"VLE_VAULT_ADDR, VAULT_AGENT_ADDR", "VLE_VAULT_ADDR, VAULT_ADDR", "VAULT_AGENT_ADDR, VAULT_ADDR"})
    void anAddressWinsOverAnother(String winner, String loser) {
        Map<String, String> variables = variables();
        variables.remove("VAULT_ADDR");
        variables.put(winner, stage.vault().address().toString());
        variables.put(loser, "http://127.0.0.1:1");
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            lambda.init();
        }
        assertThat(stage.vault().loginCount()).isEqualTo(1);
    }

    @Test
    void aFileHasVaultsAnswerByteForByte() throws Exception {
        stage.vault().readable("orders", "kv/*");
        stage.vault().answerNext(1, 200, """
                        {"mount_type":"kv","warnings":null,"wrap_info":null,"auth":null,"unknown":1,"renewable":false,
                         "data":{"z":1.50,"a":"<b>&\\u2028\\u00e9\\"","e":{},"l":[],"n":null,"t":true,"B":["x",{"y":2}]},
                         "lease_duration":2764800,"lease_id":"","request_id":"q"}""".getBytes(UTF_8), path -> path.equals("kv/a"));
        Map<String, String> variables = variables();
        variables.put("VAULT_SECRET_PATH", "kv/a");
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            lambda.init();
            assertThat(folder.resolve("secret.json")).hasContent("""
                            {
                              "request_id": "q",
                              "lease_id": "",
                              "lease_duration": 2764800,
                              "renewable": false,
                              "data": {
                                "B": [
                                  "x",
                                  {
                                    "y": 2
                                  }
                                ],
                                "a": "\\u003cb\\u003e\\u0026\\u2028é\\"",
                                "e": {},
                                "l": [],
                                "n": null,
                                "t": true,
                                "z": 1.50
                              },
                              "warnings": null,
                              "mount_type": "kv"
                            }""".stripIndent());
        }
    }

    @Test
    void aSecretThatIsMissingIsAFileWithNullAndAWarning() throws Exception {
        stage.vault().readable("orders", "secret/*");
        Map<String, String> variables = variables();
        variables.put("VAULT_SECRET_PATH", "secret/data/none");
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            lambda.init();
            assertThat(folder.resolve("secret.json")).content().isEqualTo("null");
            Stage.awaitLine(lambda, "[WARN]", "secret/data/none", "missing");
        }
    }
}
