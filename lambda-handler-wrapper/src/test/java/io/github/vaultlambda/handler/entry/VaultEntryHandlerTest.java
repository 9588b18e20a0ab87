package io.github.vaultlambda.handler.entry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.handler.FakeContext;
import io.github.vaultlambda.handler.HandlerSetupException;
import io.github.vaultlambda.handler.ScriptedVault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultEntryHandlerTest {
    private static final Duration TTL = Duration.ofMinutes(1);

    private final ScriptedVault vault = new ScriptedVault();
    private final Map<String, String> variables = new HashMap<>();

    /** As in a jar that cannot be changed. */
    public static final class Old {
        private static int made;

        public Old() {
            made++;
        }

        public String handle() {
            return System.getProperty("ENTRY_PASSWORD") + " " + System.getProperty("entry.password") + " "
                    + System.getProperty("entry.url");
        }
    }

    /** Loaded once in this process, when its property has to be there. */
    public static final class OldStatic {
        private static final String PASSWORD = System.getProperty("ENTRY_STATIC");

        public String handle() {
            return PASSWORD;
        }
    }

    @BeforeEach
    void prepare() {
        vault.kv2("secret/data/db", "{\"password\":\"n0tf0rl0gs-old\"}");
        variables.put("VAULT_LAMBDA_HANDLER", Old.class.getName() + "::handle");
        variables.put("ENTRY_PASSWORD", "vault:secret/data/db#password");
        variables.put("ENTRY_URL", "https://x:${vault:secret/data/db#password}@db.example.com");
        variables.put("ENTRY_OTHER", "as it is");
        Old.made = 0;
    }

    @AfterEach
    void clearProperties() {
        for (String name : new String[] {
            "ENTRY_PASSWORD", "entry.password", "ENTRY_URL", "entry.url", "ENTRY_STATIC", "entry.static"
        }) {
            System.clearProperty(name);
        }
    }

    private VaultEntryHandler handler() {
        return new VaultEntryHandler(variables, vault.secrets(TTL), VaultEntryHandlerTest.class.getClassLoader());
    }

    private static String call(VaultEntryHandler handler) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        handler.handleRequest(InputStream.nullInputStream(), out, new FakeContext("id-1", 1_000));
        return out.toString(UTF_8);
    }

    private static String answer(String password) {
        return "\"" + password + " " + password + " https://x:" + password + "@db.example.com\"";
    }

    @Test
    void theVariablesAreProperties() throws IOException {
        assertThat(call(handler())).isEqualTo(answer("n0tf0rl0gs-old"));
        assertThat(System.getProperty("ENTRY_OTHER")).isNull();
        assertThat(vault.calls()).hasSize(1);
    }

    @Test
    void thePropertiesAreThereWhenTheClassIsInitialised() throws IOException {
        variables.put("ENTRY_STATIC", "vault:secret/data/db#password");
        variables.put("VAULT_LAMBDA_HANDLER", OldStatic.class.getName() + "::handle");

        assertThat(call(handler())).isEqualTo("\"n0tf0rl0gs-old\"");
    }

    @Test
    void thePropertiesFollowTheirSecrets() throws IOException {
        VaultEntryHandler handler = handler();
        vault.kv2("secret/data/db", "{\"password\":\"n0tf0rl0gs-new\"}");
        assertThat(call(handler)).isEqualTo(answer("n0tf0rl0gs-old"));
        vault.advance(TTL);

        assertThat(call(handler)).isEqualTo(answer("n0tf0rl0gs-new"));
        assertThat(Old.made).isEqualTo(1);
    }

    @Test
    void aPropertyThatIsThereKeepsItsValue() throws IOException {
        System.setProperty("entry.password", "own");
        call(handler());

        assertThat(System.getProperty("entry.password")).isEqualTo("own");
        assertThat(System.getProperty("ENTRY_PASSWORD")).isEqualTo("n0tf0rl0gs-old");
    }

    @Test
    void withoutItsSecretsAnInvocationFails() throws IOException {
        VaultEntryHandler handler = handler();
        vault.advance(TTL);
        vault.at("secret/data/db", 503, "");

        assertThatThrownBy(() -> call(handler)).isInstanceOf(VaultUnavailableException.class);

        prepare();
        assertThat(call(handler)).isEqualTo(answer("n0tf0rl0gs-old"));
    }

    @Test
    void whoWantsGoesOnWithTheOldOnes() throws IOException {
        variables.put("VAULT_HANDLER_ON_FAILURE", "continue");
        VaultEntryHandler handler = handler();
        vault.advance(TTL);
        vault.at("secret/data/db", 503, "");

        assertThat(call(handler)).isEqualTo(answer("n0tf0rl0gs-old"));
    }

    @Test
    void withoutItsSecretsNothingIsLoaded() {
        vault.at("secret/data/db", 403, "{\"errors\":[\"permission denied\"]}");

        assertThatThrownBy(this::handler)
                .isInstanceOf(HandlerSetupException.class)
                .hasMessageContainingAll("ENTRY_PASSWORD", "ENTRY_URL", "secret/data/db")
                .satisfies(failure -> assertThat(failure.getStackTrace()).isEmpty());
        assertThat(Old.made).isZero();
    }

    @Test
    void whoWantsIsLoadedWithoutThem() throws IOException {
        variables.put("VAULT_HANDLER_ON_FAILURE", "continue");
        vault.at("secret/data/db", 503, "");

        assertThat(call(handler())).isEqualTo("\"null null null\"");
    }

    @Test
    void malformedReferencesAreToldAtOnce() {
        variables.put("ENTRY_PASSWORD", "vault:secret/data/db#");
        variables.put("ENTRY_URL", "${vault:../sys}");

        assertThatThrownBy(this::handler)
                .isInstanceOf(HandlerSetupException.class)
                .hasMessageContainingAll("2 faults", "ENTRY_PASSWORD", "ENTRY_URL");
        assertThat(vault.calls()).isEmpty();
    }

    @Test
    void theHandlerMustBeNamed() {
        variables.remove("VAULT_LAMBDA_HANDLER");
        variables.put("VAULT_HANDLER_ON_FAILURE", "shrug");

        assertThatThrownBy(this::handler)
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContainingAll("VAULT_LAMBDA_HANDLER is missing", "VAULT_HANDLER_ON_FAILURE is \"shrug\"");
    }

    @Test
    void secretFilesAreWrittenWhenThatIsAskedFor(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("password");
        variables.put("VAULT_SECRET_PATH", "secret/data/db#password");
        variables.put("VAULT_SECRET_FILE", file.toString());
        handler();
        assertThat(file).doesNotExist();

        variables.put("VAULT_LAMBDA_HANDLER_FILES", "true");
        VaultEntryHandler handler = handler();
        assertThat(file).hasContent("n0tf0rl0gs-old");
        vault.kv2("secret/data/db", "{\"password\":\"n0tf0rl0gs-new\"}");
        vault.advance(TTL);
        call(handler);
        assertThat(file).hasContent("n0tf0rl0gs-new");
    }

    @Test
    void aFileThatCannotBeWrittenIsTold() {
        variables.put("VAULT_SECRET_PATH", "secret/data/absent#password");
        variables.put("VAULT_SECRET_FILE", "absent");
        variables.put("VAULT_LAMBDA_HANDLER_FILES", "true");

        assertThatThrownBy(this::handler)
                .isInstanceOf(HandlerSetupException.class)
                .hasMessageContainingAll("/tmp/vault/absent", "secret/data/absent");
    }

    @Test
    void withSnapStartItIsLoadedAfterTheRestore() throws IOException {
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        VaultEntryHandler handler = handler();
        assertThat(vault.calls()).isEmpty();
        assertThat(Old.made).isZero();

        assertThat(call(handler)).isEqualTo(answer("n0tf0rl0gs-old"));
        assertThat(Old.made).isEqualTo(1);
    }

    @Test
    void whoWantsIsLoadedBeforeTheSnapshot() {
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        variables.put("VAULT_LAMBDA_HANDLER_BEFORE_SNAPSHOT", "true");
        handler();

        assertThat(vault.calls()).isEmpty();
        assertThat(Old.made).isEqualTo(1);
    }
}
