package io.github.vaultlambda.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.extension.settings.EnvironmentKind;
import io.github.vaultlambda.extension.settings.LifeSettings;
import io.github.vaultlambda.extension.settings.RunMode;
import io.github.vaultlambda.secrets.SecretOptions;
import io.github.vaultlambda.secrets.files.FileFormat;
import io.github.vaultlambda.secrets.files.SecretFile;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The extension's variables. */
class ExtensionConfigTest {
    private final Map<String, String> environment = new HashMap<>(Map.of(
            "VAULT_ADDR", "http://127.0.0.1:1/prefix/",
            "VAULT_AUTH_PROVIDER", "aws",
            "VAULT_AUTH_ROLE", "orders",
            "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY", "none",
            "AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"));

    @Test
    void hasDefaults() {
        ExtensionConfig config = config();
        assertThat(config.mode()).isEqualTo(RunMode.DEFAULT);
        assertThat(config.secretFiles()).isEmpty();
        assertThat(config.proxy().port()).isEqualTo(8200);
        assertThat(config.runtimeApi()).hasToString("http://127.0.0.1:9001");
        assertThat(config.life().kind().events()).containsExactly("INVOKE", "SHUTDOWN");
        assertThat(config.life().lazy()).isFalse();
        assertThat(config.life().initTimeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(config.metrics()).isNull();
    }

    @Test
    void namesItselfToVaultUnlessAnotherNameIsConfigured() {
        assertThat(config().access().vault().headers())
                .hasEntrySatisfying("User-Agent", agent -> assertThat(agent).startsWith("vault-lambda-extension/"));

        environment.put("VAULT_HEADERS", "{\"X-Team\":\"orders\",\"user-agent\":\"ours/1\"}");
        assertThat(config().access().vault().headers()).isEqualTo(Map.of("X-Team", "orders", "user-agent", "ours/1"));
        assertThat(config().access().vault().address()).hasToString("http://127.0.0.1:1/prefix");
    }

    @ParameterizedTest
    @CsvSource({
        "default, DEFAULT",
        "file, FILE",
        "File, FILE",
        "' PROXY ', PROXY",
        "proxy, PROXY",
        "else, DEFAULT",
        "'', DEFAULT"
    })
    void readsTheRunMode(String value, RunMode mode) {
        environment.put("VAULT_RUN_MODE", value);
        assertThat(config().mode()).isEqualTo(mode);
    }

    @Test
    void asksManagedInstancesForShutdownOnly() {
        environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "lambda-managed-instances");
        assertThat(config().life().kind().events()).containsExactly("SHUTDOWN");
    }

    @Test
    void putsTheNamelessSecretAtItsDefaultPlace() {
        environment.put("VAULT_SECRET_PATH", " //kv//a ");
        assertThat(files()).containsExactly("kv/a in /tmp/vault/secret.json");
    }

    @ParameterizedTest
    @CsvSource({
        "/tmp/x.json, /tmp/x.json",
        "x.json, /tmp/vault/x.json",
        "deep/x.json, /tmp/vault/deep/x.json",
        "../up.json, /tmp/up.json"
    })
    void resolvesFiles(String value, String file) {
        environment.put("VAULT_SECRET_PATH", "kv/a");
        environment.put("VAULT_SECRET_FILE", value);
        assertThat(files()).containsExactly("kv/a in " + file);
    }

    @Test
    void ignoresAFileWithoutPath() {
        environment.put("VAULT_SECRET_FILE", "/tmp/x.json");
        assertThat(files()).isEmpty();
    }

    @Test
    void readsNamedPairs() {
        environment.put("VAULT_SECRET_PATH", "kv/a");
        environment.put("VAULT_SECRET_PATH_DB", "database/creds/x");
        environment.put("VAULT_SECRET_FILE_DB", "db.json");
        environment.put("VAULT_SECRET_PATH_1", "kv/b");
        environment.put("VAULT_SECRET_FILE_1", "/tmp/b.json");
        assertThat(files())
                .containsExactly(
                        "kv/a in /tmp/vault/secret.json",
                        "kv/b in /tmp/b.json",
                        "database/creds/x in /tmp/vault/db.json");
    }

    @Test
    void hasNoFilesInProxyMode() {
        environment.put("VAULT_SECRET_PATH", "kv/a");
        environment.put("VAULT_RUN_MODE", "proxy");
        assertThat(files()).isEmpty();
    }

    @Test
    void namesAllFaultsAtOnce() {
        environment.remove("VAULT_AUTH_ROLE");
        environment.remove("AWS_LAMBDA_RUNTIME_API");
        environment.put("VAULT_SECRET_PATH_A", "kv/a");
        environment.put("VAULT_SECRET_FILE_B", "b.json");
        environment.put("VAULT_SECRET_PATH_C", " ");
        environment.put("VAULT_SECRET_FILE_C", "c.json");
        environment.put("VAULT_SECRET_PATH_", "kv/d");
        environment.put("VAULT_SECRET_PATH_E", "kv/e");
        environment.put("VAULT_SECRET_FILE_E", "/");
        environment.put("VAULT_SECRET_PATH_F", "/");
        environment.put("VAULT_SECRET_FILE_F", "f.json");
        environment.put("VAULT_EXTENSION_PROXY_PORT", "70000");
        assertThatThrownBy(this::config)
                .asInstanceOf(type(VaultConfigException.class))
                .satisfies(faulty -> assertThat(faulty.faults())
                        .satisfiesExactlyInAnyOrder(
                                fault -> assertThat(fault).startsWith("VAULT_AUTH_ROLE is missing"),
                                fault -> assertThat(fault).startsWith("AWS_LAMBDA_RUNTIME_API is missing"),
                                fault -> assertThat(fault).startsWith("VAULT_SECRET_FILE_A is missing"),
                                fault -> assertThat(fault).startsWith("VAULT_SECRET_PATH_B is missing"),
                                fault -> assertThat(fault).startsWith("VAULT_SECRET_PATH_C is blank"),
                                fault -> assertThat(fault).startsWith("VAULT_SECRET_PATH_ has nothing after"),
                                fault -> assertThat(fault).startsWith("VAULT_SECRET_FILE_E is \"/\""),
                                fault -> assertThat(fault).startsWith("VAULT_SECRET_PATH_F is \"/\""),
                                fault -> assertThat(fault).startsWith("VAULT_EXTENSION_PROXY_PORT is \"70000\"")));
    }

    @Test
    void readsHowEachFileIsToBe() {
        environment.put("VAULT_SECRET_PATH", "kv/a#password");
        environment.put("VAULT_SECRET_FORMAT", " Bytes ");
        environment.put("VAULT_SECRET_MODE", "0440");
        environment.put("VAULT_SECRET_OPTIONAL", "true");
        environment.put("VAULT_SECRET_PATH_B", "/v1/secret/data/b?version=3");
        environment.put("VAULT_SECRET_FILE_B", "b.env");
        environment.put("VAULT_SECRET_FORMAT_B", "dotenv");
        environment.put("VAULT_SECRET_MODE_B", "644");
        environment.put("VAULT_SECRET_TTL_B", "5m");
        environment.put("VAULT_SECRET_PATH_C", "kv/c#password");
        environment.put("VAULT_SECRET_FILE_C", "c");
        environment.put("VAULT_SECRET_PATH_D", "kv/d");
        environment.put("VAULT_SECRET_FILE_D", "d.json");
        environment.put("VAULT_DEFAULT_CACHE_TTL", "20s");
        assertThat(config().access().secrets().ttl()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config().secretFiles())
                .satisfiesExactly(
                        nameless -> {
                            assertThat(nameless.format()).isEqualTo(FileFormat.BYTES);
                            assertThat(PosixFilePermissions.toString(nameless.mode()))
                                    .isEqualTo("r--r-----");
                            assertThat(nameless.isOptional()).isTrue();
                            assertThat(nameless.options()).isNull();
                        },
                        b -> {
                            assertThat(b).hasToString("secret/data/b?version=3 in /tmp/vault/b.env");
                            assertThat(b.format()).isEqualTo(FileFormat.DOTENV);
                            assertThat(PosixFilePermissions.toString(b.mode())).isEqualTo("rw-r--r--");
                            assertThat(b.isOptional()).isFalse();
                            assertThat(b.options())
                                    .extracting(SecretOptions::ttl)
                                    .isEqualTo(Duration.ofMinutes(5));
                        },
                        c -> {
                            assertThat(c.format()).isEqualTo(FileFormat.FIELD);
                            assertThat(PosixFilePermissions.toString(c.mode())).isEqualTo("rw-------");
                        },
                        d -> assertThat(d.format()).isEqualTo(FileFormat.RESPONSE));
    }

    @Test
    void namesAllFaultsOfOneFileAtOnce() {
        for (String ending : List.of("", "_A")) {
            environment.put("VAULT_SECRET_PATH" + ending, "kv/a?version=zero");
            environment.put("VAULT_SECRET_FILE" + ending, "/");
            environment.put("VAULT_SECRET_FORMAT" + ending, "yaml");
            environment.put("VAULT_SECRET_MODE" + ending, "0666");
            environment.put("VAULT_SECRET_OPTIONAL" + ending, "maybe");
            environment.put("VAULT_SECRET_TTL" + ending, "5");
        }
        environment.put("VAULT_SECRET_PATH_B", "kv/b");
        environment.put("VAULT_SECRET_MODE_B", "0666");
        assertThatThrownBy(this::config)
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("14 faults:")
                .hasMessageContaining("VAULT_SECRET_FILE_B is missing")
                .hasMessageContaining("VAULT_SECRET_MODE_B is");
    }

    @ParameterizedTest
    @ValueSource(strings = {"FORMAT", "MODE", "OPTIONAL", "TTL"})
    void namesWhatIsSaidOfANamelessSecretThatIsNotThere(String half) {
        environment.put("VAULT_SECRET_PATH_A", "kv/a");
        environment.put("VAULT_SECRET_FILE_A", "a");
        environment.put("VAULT_SECRET_" + half, "0400");
        assertThatThrownBy(this::config)
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("1 fault:")
                .hasMessageContaining("VAULT_SECRET_" + half + " belongs to no secret");
    }

    @ParameterizedTest
    @CsvSource({"PATH_DB_, FILE_DB_", "FILE_DB_, PATH_DB_", "PATH__, FILE__"})
    void namesTheMissingHalfOfAPairThatEndsWithAnUnderscore(String set, String missing) {
        environment.put("VAULT_SECRET_" + set, "kv/a");
        assertThatThrownBy(this::config)
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("1 fault:")
                .hasMessageContaining("VAULT_SECRET_" + missing + " is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", ".", "..", "/tmp/vault/", "deep/", "deep/.", "x/.."})
    void refusesADirectoryForAFile(String value) {
        environment.put("VAULT_SECRET_PATH", "kv/a");
        environment.put("VAULT_SECRET_FILE", value);
        assertThatThrownBy(this::config)
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("1 fault:")
                .hasMessageContaining("VAULT_SECRET_FILE is \"" + value + "\", which is a directory");
    }

    @ParameterizedTest
    @CsvSource({
        "VAULT_SECRET_FORMAT, yaml, 'write response, data'",
        "VAULT_SECRET_FORMAT, field, names no field",
        "VAULT_SECRET_MODE, 0666, octal mode",
        "VAULT_SECRET_MODE, 0200, octal mode",
        "VAULT_SECRET_MODE, 700, octal mode",
        "VAULT_SECRET_MODE, 1600, octal mode",
        "VAULT_SECRET_MODE, 6, octal mode",
        "VAULT_SECRET_MODE, rw-------, octal mode",
        "VAULT_SECRET_OPTIONAL, maybe, true or false",
        "VAULT_SECRET_TTL, 5, no duration",
        "VAULT_SECRET_PATH, kv/a?version=zero, is no reference to a secret",
        "VAULT_SECRET_FORMAT_X, data, belongs to no secret",
        "VAULT_SECRET_TTL_, 5m, belongs to no secret",
        "VAULT_EXTENSION_LAZY, perhaps, true or false",
        "VAULT_EXTENSION_INIT_TIMEOUT, soon, no time-out",
        "VAULT_EXTENSION_REFRESH_INTERVAL, 0, no time-out",
        "VAULT_EXTENSION_REQUIRE_SECRETS, x, true or false",
        "VAULT_EXTENSION_WIPE_FILES, x, true or false",
        "VAULT_EXTENSION_METRICS_NAMESPACE, AWS/Lambda, a name of your own"
    })
    void namesWhatIsWrong(String variable, String value, String fault) {
        environment.put("VAULT_SECRET_PATH", "kv/a");
        environment.put(variable, value);
        assertThatThrownBy(this::config)
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("1 fault:")
                .hasMessageContaining(variable)
                .hasMessageContaining(fault);
    }

    @Test
    void refusesTwoSecretsInOneFile() {
        environment.put("VAULT_SECRET_PATH_A", "kv/a");
        environment.put("VAULT_SECRET_FILE_A", "/tmp/vault/same.json");
        environment.put("VAULT_SECRET_PATH_B", "kv/b");
        environment.put("VAULT_SECRET_FILE_B", "x/../same.json");
        assertThatThrownBy(this::config)
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("VAULT_SECRET_FILE_A and VAULT_SECRET_FILE_B are both the file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "-1", "http"})
    void refusesAPortThatIsNone(String port) {
        environment.put("VAULT_EXTENSION_PROXY_PORT", port);
        assertThatThrownBy(this::config)
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("1 fault:")
                .hasMessageContaining("VAULT_EXTENSION_PROXY_PORT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9001/x", "user@host:1", "a b", "host:99999999"})
    void refusesARuntimeApiThatIsNoHostAndPort(String value) {
        environment.put("AWS_LAMBDA_RUNTIME_API", value);
        assertThatThrownBy(this::config)
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("AWS_LAMBDA_RUNTIME_API is");
    }

    @Test
    void readsHowItLives() {
        environment.put("VAULT_EXTENSION_LAZY", "true");
        assertThat(config().life().initTimeout()).isEqualTo(Duration.ofSeconds(3));
        environment.put("VAULT_EXTENSION_INIT_TIMEOUT", "1m30s");
        environment.put("VAULT_EXTENSION_REFRESH_INTERVAL", "5");
        environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        LifeSettings life = config().life();
        assertThat(life)
                .isEqualTo(new LifeSettings(
                        EnvironmentKind.SNAP_START, true, Duration.ofSeconds(90), Duration.ofSeconds(5)));
    }

    @Test
    void letsASecretBeMissingWhereItsPredecessorDid() {
        environment.put("VAULT_SECRET_PATH", "kv/a");
        environment.put("VAULT_SECRET_PATH_B", "kv/b#password");
        environment.put("VAULT_SECRET_FILE_B", "b");
        environment.put("VAULT_SECRET_PATH_C", "kv/c");
        environment.put("VAULT_SECRET_FILE_C", "c.json");
        environment.put("VAULT_SECRET_OPTIONAL_C", "false");
        environment.put("VAULT_SECRET_PATH_D", "kv/d");
        environment.put("VAULT_SECRET_FILE_D", "d.env");
        environment.put("VAULT_SECRET_FORMAT_D", "dotenv");
        assertThat(config().secretFiles())
                .extracting(SecretFile::isOptional)
                .containsExactly(true, false, false, false);
        environment.put("VAULT_EXTENSION_REQUIRE_SECRETS", "true");
        assertThat(config().secretFiles()).extracting(SecretFile::isOptional).containsOnly(false);
    }

    @Test
    void leavesFilesUnlessTheyAreToBeWiped() {
        environment.put("VAULT_SECRET_PATH", "kv/a");
        assertThat(config().secretFiles())
                .extracting(SecretFile::isDeletedOnClose)
                .containsExactly(false);
        environment.put("VAULT_EXTENSION_WIPE_FILES", "true");
        assertThat(config().secretFiles())
                .extracting(SecretFile::isDeletedOnClose)
                .containsExactly(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"VAULT_ADDR", "VAULT_AGENT_ADDR", "VLE_VAULT_ADDR"})
    void refusesItsOwnProxyForVault(String variable) {
        environment.put(variable, "http://127.0.0.1:8200");
        assertThatThrownBy(this::config)
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining(variable + " is \"http://127.0.0.1:8200\", which is the extension's own proxy");
        environment.put("VAULT_RUN_MODE", "file");
        assertThat(config().access().vault().address()).hasPort(8200);
    }

    @Test
    void takesTheAddressOfAnAgentUnlessItIsToldItsOwn() {
        environment.put("VAULT_AGENT_ADDR", "http://127.0.0.1:2");
        assertThat(config().access().vault().address()).hasPort(2);
        environment.put("VLE_VAULT_ADDR", "http://127.0.0.1:3");
        assertThat(config().access().vault().address()).hasPort(3);
    }

    @Test
    void looksUpNoSrvRecord() {
        environment.put("VAULT_SRV_LOOKUP", "true");
        assertThat(config().access().vault().address())
                .as("with a port nobody does")
                .hasPort(1);
        environment.put("VAULT_ADDR", "https://vault.example.com");
        assertThatThrownBy(this::config)
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("VAULT_SRV_LOOKUP is true, but SRV records are not looked up");
    }

    private ExtensionConfig config() {
        return ExtensionConfig.fromEnvironment(environment);
    }

    private List<String> files() {
        return config().secretFiles().stream().map(Object::toString).toList();
    }
}
