package io.github.vaultlambda.contract;

import static io.github.vaultlambda.contract.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.auth.login.CertificateLogin;
import io.github.vaultlambda.auth.login.CertificateOptions;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.contract.VaultEngine.Door;
import io.github.vaultlambda.testkit.TestCertificate;
import io.github.vaultlambda.testkit.TestCertificates;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Logins with the client certificate of the TLS connection. */
interface CertificateContract {
    Bench bench();

    @Test
    default void certificateLogsIn() {
        ContractSession session = session(null, ours(OtherMethods.CLIENT));
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
        assertThat(session.token().ttl()).hasHours(1);
        assertThat(session.logins()).isEqualTo(1);
    }

    @Test
    default void certificateLogsInAsTheNamedRole() {
        session(OtherMethods.ROLE, ours(OtherMethods.CLIENT)).read(Bench.SECRET);
    }

    @Test
    default void certificateOfAnIntermediateAuthorityLogsIn() {
        session(
                        null,
                        bench().authority()
                                .request()
                                .forClient(OtherMethods.CLIENT)
                                .throughIntermediate()
                                .issue())
                .read(Bench.SECRET);
    }

    @Test
    default void certificateForAnotherRoleIsRefused() {
        VaultLoginException refused = refused(400, session("nobody", ours(OtherMethods.CLIENT)));
        assertThat(refused.hint()).contains("auth/cert/certs/nobody");
    }

    @Test
    default void certificateOfAnotherNameIsRefused() {
        VaultLoginException refused = refused(400, session(null, ours("billing.contract.test")));
        assertThat(refused.hint()).contains("auth/cert/certs", "allowed_");
    }

    @Test
    default void certificateOfAnotherAuthorityIsRefused() {
        VaultLoginException refused =
                refused(400, session(null, TestCertificates.create().client(OtherMethods.CLIENT)));
        assertThat(refused.hint()).contains("issued by");
    }

    @Test
    default void certificateThatHasExpiredIsRefused() {
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        TestCertificate expired = bench().authority()
                .request()
                .forClient(OtherMethods.CLIENT)
                .valid(yesterday.minus(Duration.ofDays(1)), yesterday)
                .issue();
        VaultLoginException refused = refused(500, session(null, expired));
        assertThat(refused.getMessage()).contains("expired");
        assertThat(refused.hint()).contains("dates");
    }

    @Test
    default void missingCertificateIsRefused() {
        Map<String, String> variables =
                bench().tlsFiles().variables(bench().engine().address(Door.TLS));
        VaultLoginException refused = refused(400, session(variables, null));
        assertThat(refused.errors()).containsExactly("client certificate must be supplied");
        assertThat(refused.hint()).contains("VAULT_CLIENT_CERT", "load balancer");
    }

    @Test
    default void certificateDoesNotGoOverPlainHttp() {
        VaultLoginException refused = refused(
                400, session(Map.of("VAULT_ADDR", bench().engine().address().toString()), null));
        assertThat(refused.errors()).containsExactly("tls connection required");
        assertThat(refused.hint()).contains("must be https");
    }

    private TestCertificate ours(String name) {
        return bench().authority().client(name);
    }

    private ContractSession session(@Nullable String role, TestCertificate client) {
        return session(bench().tlsFiles().variables(bench().engine().address(Door.TLS), client), role);
    }

    private ContractSession session(Map<String, String> variables, @Nullable String role) {
        CertificateLogin login = new CertificateLogin(CertificateOptions.of().withRole(role));
        return new ContractSession(VaultConfig.fromEnvironment(variables), platform -> login);
    }

    private static VaultLoginException refused(int status, ContractSession session) {
        int before = session.logins();
        VaultLoginException refused = failureOf(VaultLoginException.class, session::token);
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.mount()).isEqualTo("auth/cert");
        assertThat(refused.path()).isEqualTo("auth/cert/login");
        if (status == 400) {
            assertThat(session.logins()).as("a refusal is not tried again").isEqualTo(before + 1);
        }
        return refused;
    }
}
