package io.github.vaultlambda.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.SecretOptions;
import io.github.vaultlambda.secrets.SecretReference;
import io.github.vaultlambda.secrets.SecretState;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Credentials so short-lived that Vault ends them while the test runs, on real clocks: that takes seconds, so it is done where
 * there is a real Vault.
 */
interface ShortLivesContract extends DynamicSecretContract {
    @Test
    default void credentialsThatLiveForSecondsAreAlwaysLetIn() {
        String path = bench().engines().databaseRole("seconds", Duration.ofSeconds(2), Duration.ofSeconds(4));
        ContractSession session = session(bench().config());
        VaultSecrets secrets = VaultSecrets.of(session.vaultSession());
        Secret<Login> secret = secrets.secret(SecretReference.parse(path), Login::of, SecretOptions.defaults());
        Set<String> users = new HashSet<>();
        long end = System.nanoTime() + Duration.ofSeconds(7).toNanos();
        do {
            SecretState<Login> state = secret.state();
            Login login = state.value();
            Instant expiresAt = Objects.requireNonNull(state.expiresAt());
            boolean letIn = letIn(login);
            // a machine that stood still for the rest of that life proves nothing
            assertThat(letIn || Instant.now().isAfter(expiresAt))
                    .as("%s is let in", login)
                    .isTrue();
            users.add(login.user());
            Eventually.pause(Duration.ofMillis(50));
        } while (System.nanoTime() < end);
        assertThat(users).as("after 4 s at most there is another one").hasSizeGreaterThan(1);
        assertThat(session.requests("sys/leases/renew")).isPositive();
    }

    /** Vault is some seconds late itself, and says zero meanwhile. */
    @Test
    default void passwordThatVaultChangesByItselfArrives() {
        String path = bench().engines().staticRole("porter", Duration.ofSeconds(5));
        ContractSession session = session(bench().config());
        Secret<Login> secret = VaultSecrets.of(session.vaultSession())
                .secret(SecretReference.parse(path), Login::of, SecretOptions.defaults());
        Login first = secret.get();
        assertThat(letIn(first)).isTrue();
        Eventually.isTrue("another password is there", () -> !secret.get().equals(first));
        assertThat(letIn(secret.get())).isTrue();
        assertThat(session.requests(path)).as("Vault is not pestered").isLessThan(20);
    }
}
