package io.github.vaultlambda.contract;

import static io.github.vaultlambda.contract.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is read, and why it is not. */
interface ReadContract {
    Bench bench();

    @Test
    default void versionedSecretIsRead() {
        VaultResponse secret = bench().session().read(Bench.SECRET);
        assertThat(secret.leaseId()).isNull();
        assertThat(secret.leaseDuration()).isZero();
        assertThat(SecretsLedger.isLeakedBy(secret.toString() + secret.body() + secret.data()))
                .isFalse();
        ContractSession session = bench().session();
        assertThat(session.versionedField(Bench.SECRET, "username")).isEqualTo("orders");
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
    }

    @Test
    default void unversionedSecretIsRead() {
        ContractSession session = bench().session();
        assertThat(session.unversionedField(Bench.OLD_SECRET, "username")).isEqualTo("orders");
        assertThat(session.unversionedField(Bench.OLD_SECRET, "password")).isEqualTo(bench().oldPassword());
        // Vault's default lease time, which for KV v1 is only a wish of how often to look again
        assertThat(session.read(Bench.OLD_SECRET).leaseDuration()).isEqualTo(Duration.ofDays(32));
    }

    @Test
    default void namespaceHeaderDoesNoHarm() {
        ContractSession session = bench().session(bench().config().namespace("team"));
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
    }

    @Test
    default void missingSecretIsNotFound() {
        VaultNotFoundException missing = notFound(Bench.MISSING);
        assertThat(missing.errors()).isEmpty();
        assertThat(missing.hint()).contains("check the path");
    }

    @Test
    default void missingUnversionedSecretIsNotFound() {
        notFound("legacy/orders/missing");
    }

    @Test
    default void deletedVersionIsNotFoundAndSaysWhy() {
        assertThat(notFound(Bench.DELETED).hint()).contains("was deleted at ");
    }

    @Test
    default void versionedPathWithoutDataIsNotFoundAndSaysWhy() {
        assertThat(notFound(Bench.WITHOUT_DATA).hint()).contains("Invalid path for a versioned K/V secrets engine");
    }

    private VaultNotFoundException notFound(String path) {
        ContractSession session = bench().session();
        VaultNotFoundException missing = failureOf(VaultNotFoundException.class, () -> session.read(path));
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.path()).isEqualTo(path);
        assertThat(session.requests(path)).as("a 404 is not tried again").isEqualTo(1);
        return missing;
    }

    @Test
    default void forbiddenPathIsRefused() {
        ContractSession session = bench().session();
        VaultPermissionException refused =
                failureOf(VaultPermissionException.class, () -> session.read(Bench.FORBIDDEN));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.path()).isEqualTo(Bench.FORBIDDEN);
        assertThat(refused.getMessage()).contains("permission denied");
        assertThat(refused.hint()).contains("policy").doesNotContain("KV v2");
        assertThat(session.logins()).as("the token was made for this request").isEqualTo(1);
        assertThat(session.requests(Bench.FORBIDDEN)).isEqualTo(1);
    }

    @Test
    default void forbiddenPathWithoutDataIsRefusedAndSaysWhy() {
        ContractSession session = bench().session();
        VaultPermissionException refused =
                failureOf(VaultPermissionException.class, () -> session.read("apps/billing/key"));
        assertThat(refused.hint()).contains("for a KV v2 engine the path has data/ after the mount");
    }

    @Test
    default void unknownMountIsRefused() {
        ContractSession session = bench().session();
        failureOf(VaultPermissionException.class, () -> session.read("nowhere/data/orders/db"));
    }
}
