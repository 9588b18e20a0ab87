package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.testkit.FunctionVault;
import io.github.vaultlambda.testkit.TestSecrets;
import io.github.vaultlambda.testkit.VaultRequestLog;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** References on the engines of a Vault that checks tokens and policies. */
class StandInEnginesTest {
    private final String password = TestSecrets.mint("password");
    private final FunctionVault function = FunctionVault.start();
    private final VaultSecrets secrets = VaultSecrets.fromEnvironment(function.environment());

    @BeforeEach
    void engines() {
        function.vault().enableKv("team/kv", 2);
        function.vault().enableKv("legacy", 1);
        function.giveSecret("team/kv/data/orders/db", Map.of("password", password));
        function.giveSecret("legacy/orders/db", Map.of("password", password));
        function.vault().clearRequests();
    }

    @AfterEach
    void stop() {
        function.close();
    }

    /** Paths of the requests so far, without logins. */
    private List<String> asked() {
        return function.vault().requests().stream()
                .filter(request -> !request.login())
                .map(VaultRequestLog::path)
                .toList();
    }

    private String read(String reference) {
        return secrets.secret(reference).get();
    }

    @Test
    void bothVersionsOfKvAreOneRequest() {
        assertThat(read("team/kv/data/orders/db#password")).isEqualTo(password);
        assertThat(read("/v1/legacy/orders/db#password")).isEqualTo(password);

        assertThat(asked()).containsExactly("team/kv/data/orders/db", "legacy/orders/db");
    }

    @Test
    void aPolicyThatKnowsOnlyTheRightPathIsEnoughForOneWithoutData() {
        assertThat(read("team/kv/orders/db#password")).isEqualTo(password);

        assertThat(asked())
                .containsExactly(
                        "team/kv/orders/db", "sys/internal/ui/mounts/team/kv/orders/db", "team/kv/data/orders/db");
        assertThat(function.vault().loginCount()).isEqualTo(1);
    }

    @Test
    void versionsAreReadOneByOne() {
        String next = TestSecrets.mint("next");
        function.giveSecret("team/kv/data/orders/db", Map.of("password", next));

        assertThat(read("team/kv/orders/db?version=1#password")).isEqualTo(password);
        assertThat(read("team/kv/orders/db?version=2#password")).isEqualTo(next);
        assertThat(read("team/kv/orders/db#password")).isEqualTo(next);
        SecretFormatException none =
                catchThrowableOfType(SecretFormatException.class, () -> read("legacy/orders/db?version=1#password"));
        assertThat(none).hasMessageEndingWith("has no versions: legacy/ is a KV v1 engine");
    }

    @Test
    void aDeletedVersionSaysWhichAndWhen() {
        function.vault().deleteSecret("team/kv/data/orders/db");

        VaultNotFoundException gone =
                catchThrowableOfType(VaultNotFoundException.class, () -> read("team/kv/data/orders/db#password"));

        assertThat(gone.hint())
                .startsWith("version 1 of the secret was deleted at 20")
                .contains("undelete it");
    }

    @Test
    void aWrappedAnswerIsUnwrapped() {
        assertThat(read("team/kv/data/orders/db?wrap_ttl=60s#password")).isEqualTo(password);
        assertThat(read("legacy/orders/db?wrap_ttl=60s#password")).isEqualTo(password);

        assertThat(asked())
                .containsExactly(
                        "team/kv/data/orders/db", "sys/wrapping/unwrap", "legacy/orders/db", "sys/wrapping/unwrap");
    }

    @Test
    void whatTheFunctionMayNotReadIsRefusedWithThePathToAllow() {
        VaultPermissionException refused =
                catchThrowableOfType(VaultPermissionException.class, () -> read("team/kv/billing/key"));

        assertThat(refused.path()).isEqualTo("team/kv/data/billing/key");
        assertThat(refused.hint())
                .endsWith("team/kv/ is a KV v2 engine, so team/kv/billing/key is read at team/kv/data/billing/key");
        assertThat(refused.toString()).doesNotContain(TestSecrets.MARKER);
    }

    @Test
    void aMountThatIsNotThereIsGuessedAt() {
        VaultPermissionException refused =
                catchThrowableOfType(VaultPermissionException.class, () -> read("nowhere/orders/db"));

        assertThat(refused.hint()).endsWith("if nowhere/ is a KV v2 engine, the path is nowhere/data/orders/db");
    }

    @Test
    void recordsAreReadFromBothEngines() {
        record Db(String password) {}

        assertThat(secrets.secret("team/kv/orders/db", Db.class).get().password())
                .isEqualTo(password);
        assertThat(secrets.secret("legacy/orders/db", Db.class).get().password())
                .isEqualTo(password);
    }
}
