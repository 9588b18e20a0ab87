package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.secrets.LivingVault.Outage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dynamic secrets: their leases, and the token that these hang on. */
class LeasedSecretTest {
    private static final String CREDS = "database/creds/r";
    private static final SecretOptions WAITING = SecretOptions.defaults().withRefreshAhead(false);

    private final LivingVault vault = new LivingVault().role(CREDS, 100, 1_000, true);
    private final List<String> told = new ArrayList<>();

    private VaultSecrets secrets = build();

    private VaultSecrets build() {
        return vault.builder()
                .revokeLeasesOnClose(true)
                .listener(new SecretsListener() {
                    @Override
                    public void renewed(SecretReference reference, Duration inVault, Duration ttl) {
                        told.add("renewed for " + ttl.toSeconds());
                    }
                })
                .build();
    }

    private Secret<String> secret(SecretOptions options) {
        return secrets.secret(SecretReference.parse(CREDS + "#user"), String.class, options);
    }

    private void pass(int seconds) {
        vault.pass(Duration.ofSeconds(seconds));
    }

    @Test
    void isRenewedAtUseWhenAThirdOfItsLifeIsLeft() {
        Secret<String> secret = secret(WAITING);
        secret.get();
        pass(59);
        secret.get();
        assertThat(vault.increments).isEmpty();
        pass(11);

        assertThat(secret.get()).isEqualTo("u-1");

        assertThat(vault.increments).containsExactly("100s");
        assertThat(told).containsExactly("renewed for 100");
        assertThat(secret.expiresAt()).isEqualTo(LivingVault.START.plusSeconds(170));
        pass(59);
        secret.get();
        assertThat(vault.increments).hasSize(1);
    }

    @Test
    void asksForTheIncrementThatIsWished() {
        vault.role(CREDS, 1_000, 100_000, true);
        Secret<String> secret = secret(WAITING.withLeaseIncrement(Duration.ofSeconds(100)));
        secret.get();
        pass(750);
        for (int i = 0; i < 20; i++) {
            assertThat(secret.get())
                    .as("a short one is no sign of the maximum TTL")
                    .isEqualTo("u-1");
            pass(75);
        }

        assertThat(vault.increments).hasSize(20).containsOnly("100s");
        assertThat(vault.answered(CREDS)).isEqualTo(1);
    }

    @Test
    void anIncrementOfLessThanASecondIsNone() {
        Secret<String> secret = secret(WAITING.withLeaseIncrement(Duration.ofMillis(10)));
        secret.get();
        pass(75);
        secret.get();

        assertThat(vault.increments).containsExactly("100s");
    }

    @Test
    void nearItsMaximumTtlNewCredentialsComeWithAChange() {
        Secret<String> secret = secret(WAITING);
        secret.get();
        secret.onChange(
                change -> told.add(change.before() + " " + change.after() + " alive " + vault.isAlive(vault.lease(1))));
        for (int i = 0; i < 1_000; i++) {
            pass(1);
            secret.get();
        }

        assertThat(told).contains("u-1 u-2 alive true").doesNotContain("u-2 u-3 alive true");
        assertThat(secret.get()).isEqualTo("u-2");
    }

    @Test
    void aLeaseThatVaultDoesNotKnowIsReplacedAtOnce() {
        Secret<String> secret = secret(WAITING);
        secret.get();
        vault.lease(1).revoked = true;
        pass(75);

        assertThat(secret.get()).isEqualTo("u-2");
    }

    @Test
    void aLeaseThatVaultCallsExpiredIsReplacedAtOnce() {
        Secret<String> secret = secret(WAITING);
        secret.get();
        pass(75);
        vault.lease(1).endMillis = vault.vaultMillis();

        assertThat(secret.get()).isEqualTo("u-2");
    }

    @Test
    void aRenewalThatIsForbiddenLeavesItToItsEnd() {
        vault.renewalsDenied = true;
        Secret<String> secret = secret(WAITING);
        secret.get();
        pass(75);

        assertThat(secret.get()).isEqualTo("u-1");
        assertThat(told).as("nothing was renewed").isEmpty();
        secret.get();
        assertThat(vault.increments).hasSize(1);
        pass(15);
        assertThat(secret.get()).isEqualTo("u-2");
    }

    @Test
    void anOutageLeavesItToItsEndAndNotLonger() {
        Secret<String> secret = secret(WAITING);
        secret.get();
        pass(75);
        vault.outage(Outage.REFUSED_CONNECTION);
        assertThat(secret.state().stale()).isFalse();
        pass(24);
        assertThat(secret.get()).isEqualTo("u-1");
        pass(1);
        assertThatThrownBy(secret::get).isInstanceOf(VaultUnavailableException.class);
        vault.outage(Outage.NONE);
        assertThat(secret.get()).isEqualTo("u-2");
    }

    @Test
    void whatIsOnlyDueServesAlthoughItsRoleIsGone() {
        vault.role(CREDS, 100, 100, false);
        Secret<String> secret = secret(WAITING);
        secret.get();
        pass(92);
        vault.roles.remove(CREDS);

        assertThat(secret.get()).isEqualTo("u-1");
        assertThat(secret.get()).isEqualTo("u-1");
        assertThat(vault.asked(CREDS)).isEqualTo(2);
        pass(7);
        assertThatThrownBy(secret::get).hasMessageContaining("404");
    }

    @Test
    void isReplacedWhenItsTokenIsRefused() {
        Secret<String> secret = secret(WAITING);
        secret.get();
        vault.kv("secret/data/x");
        vault.pass(Duration.ofMillis(1));
        vault.revokeTokens();
        secrets.secret("secret/data/x#user").get(); // finds out

        assertThat(secret.get()).isEqualTo("u-2");
    }

    @Test
    void isReplacedWhenItsTokenIsUsedUp() {
        vault.tokens(1_000, 1_000, 2);
        secrets = build();
        Secret<String> secret = secret(WAITING);
        vault.kv("secret/data/x");
        secret.get();
        SecretOptions always = WAITING.withTtl(Duration.ZERO);
        Secret<String> other = secrets.secret(SecretReference.parse("secret/data/x#user"), String.class, always);
        other.get();
        other.get(); // with the next token

        assertThat(secret.get()).isEqualTo("u-2");
    }

    @Test
    void endsWithItsToken() {
        vault.tokens(50, 50, 0);
        secrets = build();
        Secret<String> secret = secret(WAITING);
        secret.get();

        assertThat(secret.expiresAt()).isEqualTo(LivingVault.START.plusSeconds(50));
        pass(50);
        assertThat(secret.get()).isEqualTo("u-2");
    }

    @Test
    void livesOnWithItsRenewedTokenAndIsRevokedThen() {
        vault.tokens(100, 100_000, 0).role(CREDS, 5_000, 10_000, true);
        secrets = build();
        Secret<String> secret = secret(WAITING);
        secret.get();
        for (int i = 0; i < 5; i++) {
            pass(82);
            assertThat(secret.get()).isEqualTo("u-1");
        }

        secrets.close();
        assertThat(vault.lease(1).revoked).isTrue();
    }

    @Test
    void closingRevokesThoseAsWellThatWereReplaced() {
        Secret<String> secret = secret(WAITING);
        secret.get();
        pass(2);
        secret.refresh();
        secrets.close();

        assertThat(vault.leases).hasSize(2).allMatch(lease -> lease.revoked);
        secrets.close();
        assertThat(vault.asked("sys/leases/revoke")).isEqualTo(2);
    }

    @Test
    void closingTakesNoLongerThanItsDeadline() {
        for (int i = 0; i < 5; i++) {
            secret(WAITING).refresh();
            pass(2);
        }
        vault.during("sys/leases/revoke", () -> pass(1));
        secrets.close(Deadline.after(vault, Duration.ofSeconds(1)));

        assertThat(vault.asked("sys/leases/revoke")).isEqualTo(1);
    }

    @Test
    void closingWorksWhenTheSessionIsClosedAlready() {
        Secret<String> secret = secret(WAITING);
        secret.get();
        secrets.session().close();
        secrets.close();

        assertThatThrownBy(secret::get).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nothingIsRevokedUnlessItIsAskedFor() {
        VaultSecrets others = vault.builder().build();
        others.secret(CREDS + "#user").get();
        others.close();

        assertThat(vault.lease(1).revoked).isFalse();
    }

    @Test
    void aLeaseThatEndedOnItsWayIsAskedForAgain() {
        vault.role(CREDS, 3, 3, false);
        Secret<String> secret = secret(WAITING);
        vault.delayAnswer(CREDS, Duration.ofSeconds(5));

        assertThat(secret.get()).isEqualTo("u-2");
    }

    @Test
    void whatWasReadWithATokenThatIsRefusedMeanwhileIsLookedUp() {
        Secret<String> secret = secret(WAITING);
        vault.kv("secret/data/x");
        secrets.secret("secret/data/x#user").get();
        Deadline deadline = secrets.session().client().newDeadline();
        vault.during(CREDS, () -> secrets.session().reject(secrets.session().token(deadline)));
        secret.get();

        assertThat(secret.get()).isEqualTo("u-1");
        assertThat(vault.asked("sys/leases/lookup")).isEqualTo(1);
        vault.lease(1).revoked = true;
        secrets.session().reject(secrets.session().token(deadline));
        assertThat(secret.get()).isEqualTo("u-1"); // of the token that was refused first
    }

    @Test
    void aRenewalThatIsRefusedToADeadTokenEndsItsLease() {
        Secret<String> secret = secret(WAITING);
        secret.get();
        pass(75);
        vault.revokeTokens();

        assertThat(secret.get()).isEqualTo("u-2");
        assertThat(vault.logins()).isEqualTo(2);
    }

    @Test
    void aLeaseThatEndedWithItsRefusedTokenIsReadAnew() {
        Secret<String> secret = secret(WAITING);
        secret.get();
        vault.revokeTokens();
        secrets.session()
                .reject(secrets.session().token(secrets.session().client().newDeadline()));

        assertThat(secret.get()).isEqualTo("u-2");
        assertThat(secret.get()).isEqualTo("u-2");
        assertThat(vault.asked("sys/leases/lookup")).isEqualTo(1);
    }

    @Test
    void aSecretInUseIsRenewedInTheBackground() {
        List<Runnable> tasks = new ArrayList<>();
        secrets = vault.builder().executor(tasks::add).build();
        Secret<String> secret = secret(SecretOptions.defaults());
        secret.get();
        pass(75);
        secret.get();
        assertThat(vault.increments).isEmpty();

        tasks.get(0).run();

        assertThat(vault.increments).hasSize(1);
        assertThat(secret.expiresAt()).isEqualTo(LivingVault.START.plusSeconds(175));
        assertThat(tasks).hasSize(1);
    }
}
