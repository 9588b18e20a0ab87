package io.github.vaultlambda.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.auth.aws.AwsIamOptions;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.SecretChange;
import io.github.vaultlambda.secrets.SecretListener;
import io.github.vaultlambda.secrets.SecretOptions;
import io.github.vaultlambda.secrets.SecretReference;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Credentials that Vault makes in a database, through the loader: they are good whenever they are handed out. */
interface DynamicSecretContract {
    Duration TTL = Duration.ofSeconds(100);
    Duration MAX_TTL = Duration.ofSeconds(150);

    Bench bench();

    /** A user of the database and its password. */
    record Login(String user, String password) {
        static Login of(SecretValue data) {
            return new Login(
                    Objects.requireNonNull(data.text("username")),
                    SecretsLedger.add(Objects.requireNonNull(data.text("password"))));
        }

        @Override
        public String toString() {
            return user;
        }
    }

    @Test
    default void credentialsAreReadOnceAndLetIn() {
        Client client = client("once");
        Login login = client.login();
        assertThat(client.login()).isSameAs(login);
        assertThat(letIn(login)).isTrue();
        assertThat(client.reads()).isEqualTo(1);
        assertThat(client.secret.expiresAt()).isNotNull();
    }

    @Test
    default void leaseIsRenewedWhenItIsUsed() {
        Client client = client("renewed");
        Login login = client.login();
        client.session.putClockForward(Duration.ofSeconds(75));
        client.login();
        assertThat(client.login()).isEqualTo(login);
        assertThat(client.renewals()).isEqualTo(1);
        client.session.putClockForward(Duration.ofSeconds(75));
        client.login();
        assertThat(client.login()).isEqualTo(login);
        assertThat(client.renewals()).isEqualTo(2);
        assertThat(client.reads()).isEqualTo(1);
        assertThat(client.told).isEmpty();
        assertThat(letIn(login)).isTrue();
    }

    @Test
    default void leaseThatIsNotUsedRunsOut() {
        Client client = client("unused");
        Login login = client.login();
        client.session.putClockForward(Duration.ofSeconds(101));
        assertThat(client.login()).isNotEqualTo(login);
        assertThat(client.renewals()).isZero();
        assertThat(client.reads()).isEqualTo(2);
    }

    @Test
    default void renewalAsksForTheIncrement() {
        Client client = client("increment", options -> options.withLeaseIncrement(Duration.ofSeconds(60)));
        client.login();
        client.session.putClockForward(Duration.ofSeconds(75));
        client.login();
        client.login();
        assertThat(client.renewals()).isEqualTo(1);
        client.session.putClockForward(Duration.ofSeconds(45));
        client.login();
        client.login();
        assertThat(client.renewals()).as("after 60 s, not after 100").isEqualTo(2);
    }

    @Test
    default void atTheMaximumNewCredentialsComeAndListenersAreToldInTime() {
        Client client = client("maximum");
        Login first = client.login();
        // Vault asks the role anew at each renewal, so this is as if most of its maximum were over
        bench().engines().databaseRole("maximum", Duration.ofSeconds(40), Duration.ofSeconds(40));
        client.session.putClockForward(Duration.ofSeconds(75));
        client.login();
        assertThat(client.login()).as("what is left is used").isEqualTo(first);
        assertThat(client.told).isEmpty();
        client.session.putClockForward(Duration.ofSeconds(37));
        client.login();
        Login second = client.login();
        assertThat(second).isNotEqualTo(first);
        assertThat(client.renewals()).isEqualTo(1);
        assertThat(client.reads()).isEqualTo(2);
        assertThat(letIn(second)).isTrue();
        assertThat(client.told)
                .containsExactly(
                        "rotating from " + first + " (let in) to " + second + " (let in)",
                        "rotated from " + first + " (let in) to " + second + " (let in)");
    }

    @Test
    default void leaseThatWasRevokedFromOutsideIsNoticedAtItsRenewal() {
        Client client = client("revoked");
        Login first = client.login();
        revokeAll("revoked");
        assertThat(bench().engines().database().hasUser(first.user())).isFalse();
        client.session.putClockForward(Duration.ofSeconds(75));
        client.login();
        Login second = client.login();
        assertThat(second).isNotEqualTo(first);
        assertThat(letIn(second)).isTrue();
        assertThat(client.told).hasSize(2);
    }

    @Test
    default void whoseCredentialsAreRefusedGetsNewOnes() {
        Client client = client("refused");
        Login first = client.login();
        revokeAll("refused");
        client.session.putClockForward(Duration.ofSeconds(2));
        assertThat(client.login()).as("nobody has said a word").isEqualTo(first);
        Login second = client.secret.refresh();
        assertThat(second).isNotEqualTo(first);
        assertThat(client.login()).isEqualTo(second);
        assertThat(letIn(second)).isTrue();
    }

    @Test
    default void closeRevokesLeasesWhenAskedTo() {
        Client client = client("closed");
        Login login = client.login();
        client.secrets.close();
        Eventually.isTrue("the user is gone", () -> !hasUser(login));
    }

    @Test
    default void closeLeavesLeasesOtherwise() {
        Client client = client("left", false, UnaryOperator.identity(), bench().config());
        Login login = client.login();
        client.secrets.close();
        assertThat(letIn(login)).isTrue();
    }

    @Test
    default void revokedTokenTakesItsLeasesAlong() {
        Client client = client(
                "along", false, UnaryOperator.identity(), bench().config().revokeOnClose(true));
        Login login = client.login();
        client.secrets.close();
        Eventually.isTrue("the user is gone", () -> !hasUser(login));
    }

    @Test
    default void newTokenMakesNewCredentialsWhenTheOldOneWasRevoked() {
        Client client = client("token");
        Login first = client.login();
        bench().admin()
                .revokeByAccessor(Objects.requireNonNull(client.session.token().accessor()));
        Eventually.isTrue("the user is gone", () -> !hasUser(first));
        client.secrets.secret(Bench.SECRET + "#password").get(); // whose refusal tells
        Login second = client.login();
        assertThat(second).isNotEqualTo(first);
        assertThat(letIn(second)).isTrue();
    }

    @Test
    default void newPasswordOfAStaticRoleArrives() {
        SecretsEngines engines = bench().engines();
        String path = engines.staticRole("cashier", Duration.ofMinutes(10));
        ContractSession session = session(bench().config());
        Secret<Login> secret = VaultSecrets.of(session.vaultSession())
                .secret(
                        SecretReference.parse(path),
                        Login::of,
                        SecretOptions.defaults().withTtl(Duration.ofHours(1)));
        Login first = secret.get();
        assertThat(letIn(first)).isTrue();
        session.putClockForward(Duration.ofSeconds(500));
        assertThat(secret.get()).isEqualTo(first);
        assertThat(session.requests(path)).isEqualTo(1);
        engines.rotate("cashier");
        session.putClockForward(Duration.ofSeconds(101));
        secret.get();
        Login second = secret.get();
        assertThat(second.user()).isEqualTo(first.user());
        assertThat(second)
                .as("Vault said that it would come, so nobody waited for an hour")
                .isNotEqualTo(first);
        assertThat(letIn(second)).isTrue();
        assertThat(letIn(first)).isFalse();
    }

    @Test
    default void prefetchReadsFromAllEnginesWithOneLogin() {
        ContractSession session = session(bench().config());
        VaultSecrets secrets = VaultSecrets.of(session.vaultSession());
        Secret<String> versioned = secrets.secret(Bench.SECRET + "#password");
        Secret<String> unversioned = secrets.secret(Bench.OLD_SECRET + "#password");
        Secret<Login> login =
                secrets.secret(SecretReference.parse(SecretsEngines.CREDENTIALS), Login::of, SecretOptions.defaults());
        Secret<String> certificate =
                secrets.secret(SecretsEngines.CERTIFICATE + "?common_name=a.contract.test#certificate");
        secrets.prefetch(versioned, unversioned, login, certificate);
        assertThat(session.logins()).isEqualTo(1);
        assertThat(versioned.get()).isEqualTo(bench().password());
        assertThat(unversioned.get()).isEqualTo(bench().oldPassword());
        assertThat(letIn(login.get())).isTrue();
        assertThat(certificate.get()).startsWith("-----BEGIN CERTIFICATE-----");
        for (String path :
                List.of(Bench.SECRET, Bench.OLD_SECRET, SecretsEngines.CREDENTIALS, SecretsEngines.CERTIFICATE)) {
            assertThat(session.requests(path)).isEqualTo(1);
        }
    }

    /** Reads credentials of a role of this name, which it makes. */
    private Client client(String role) {
        return client(role, UnaryOperator.identity());
    }

    private Client client(String role, UnaryOperator<SecretOptions> options) {
        return client(role, true, options, bench().config());
    }

    private Client client(
            String role, boolean revokes, UnaryOperator<SecretOptions> options, VaultConfig.Builder config) {
        bench().engines().databaseRole(role, TTL, MAX_TTL);
        return new Client(this, role, session(config), revokes, options.apply(SecretOptions.defaults()));
    }

    /** A session that may read and renew all that is made here. */
    default ContractSession session(VaultConfig.Builder config) {
        AwsIamOptions login = bench().loginAs("dynamic");
        String policies = String.join(",", Bench.POLICY, SecretsEngines.POLICY, SecretsEngines.REVOKE_POLICY);
        bench().admin()
                .awsRole(
                        Bench.AUTH_MOUNT,
                        login.role(),
                        bench().engine().roleArn(Bench.FUNCTION),
                        policies,
                        Map.of("token_ttl", "24h"));
        return bench().session(config, login);
    }

    private void revokeAll(String role) {
        bench().admin().write("sys/leases/revoke-prefix/database/creds/" + role, Map.of("sync", true));
    }

    private boolean hasUser(Login login) {
        return bench().engines().database().hasUser(login.user());
    }

    /** Whether the database lets this user in now. */
    default boolean letIn(Login login) {
        return bench().engines().database().admits(login.user(), login.password());
    }

    private static SecretReference reference(String role) {
        return SecretReference.parse("database/creds/" + role);
    }

    /** A function's secrets, with what is told to its pool of connections. What would be in the background is done at once. */
    final class Client {
        final ContractSession session;
        final VaultSecrets secrets;
        final Secret<Login> secret;
        final List<String> told = new ArrayList<>();
        private final String path;

        Client(
                DynamicSecretContract contract,
                String role,
                ContractSession session,
                boolean revokes,
                SecretOptions options) {
            this.session = session;
            this.path = "database/creds/" + role;
            this.secrets = VaultSecrets.builder(session.vaultSession())
                    .options(options)
                    .executor(Runnable::run)
                    .revokeLeasesOnClose(revokes)
                    .build();
            this.secret = secrets.secret(reference(role), Login::of, options);
            secret.onChange(new SecretListener<>() {
                @Override
                public void rotating(SecretChange<Login> change) {
                    note("rotating", change);
                }

                @Override
                public void rotated(SecretChange<Login> change) {
                    note("rotated", change);
                }

                private void note(String what, SecretChange<Login> change) {
                    told.add(what + " from " + state(change.before()) + " to " + state(change.after()));
                }

                private String state(Login login) {
                    return login + (contract.letIn(login) ? " (let in)" : " (refused)");
                }
            });
        }

        Login login() {
            return secret.get();
        }

        int reads() {
            return session.requests(path);
        }

        int renewals() {
            return session.requests("sys/leases/renew");
        }
    }
}
