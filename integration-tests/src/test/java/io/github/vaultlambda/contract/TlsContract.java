package io.github.vaultlambda.contract;

import static io.github.vaultlambda.contract.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.VaultTlsException;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.contract.VaultEngine.Door;
import io.github.vaultlambda.testkit.TestCertificates;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who Vault is, and who we are, is settled by TLS, as the variables say. */
interface TlsContract {
    Bench bench();

    @Test
    default void authorityFromAFileIsTrusted() {
        assertReads(variables(Door.TLS));
    }

    @Test
    default void authorityFromAVariableIsTrusted() {
        Map<String, String> variables = variables(Door.TLS);
        variables.remove("VAULT_CACERT");
        variables.put("VAULT_CACERT_BYTES", bench().authority().rootPem());
        assertReads(variables);
    }

    @Test
    default void authorityFromAFolderIsTrusted() {
        Map<String, String> variables = variables(Door.TLS);
        variables.remove("VAULT_CACERT");
        variables.put("VAULT_CAPATH", bench().tlsFiles().authorities());
        assertReads(variables);
    }

    @Test
    default void anotherAuthorityIsNotTrusted() {
        Map<String, String> variables = variables(Door.TLS);
        variables.remove("VAULT_CACERT");
        variables.put("VAULT_CACERT_BYTES", TestCertificates.create().rootPem());
        assertThat(refused(variables).hint()).contains("VAULT_CACERT");
    }

    @Test
    default void authoritiesOfTheRuntimeDoNotTrustIt() {
        Map<String, String> variables = variables(Door.TLS);
        variables.remove("VAULT_CACERT");
        assertThat(refused(variables).hint()).contains("VAULT_CACERT");
    }

    @Test
    default void certificateOfAnotherHostIsNotTrusted() {
        VaultTlsException refused = refused(variables(Door.OTHER_HOST));
        assertThat(refused.getMessage()).contains("elsewhere.example");
        assertThat(refused.hint()).contains("VAULT_TLS_SERVER_NAME");
    }

    @Test
    default void certificateOfAnotherHostIsTrustedWhenThatIsAskedFor() {
        Map<String, String> variables = variables(Door.OTHER_HOST);
        variables.put("VAULT_TLS_SERVER_NAME", "elsewhere.example");
        assertReads(variables);
    }

    @Test
    default void nothingIsVerifiedWhenThatIsAskedFor() {
        assertReads(Map.of(
                "VAULT_ADDR", bench().engine().address(Door.OTHER_HOST).toString(), "VAULT_SKIP_VERIFY", "true"));
    }

    @Test
    default void clientCertificateOpensTheDoorThatWantsOne() {
        assertReads(bench().tlsFiles()
                .variables(
                        bench().engine().address(Door.CLIENT_CERTIFICATE),
                        bench().authority().client("anybody")));
    }

    @Test
    default void missingClientCertificateIsRefused() {
        assertThat(refused(variables(Door.CLIENT_CERTIFICATE)).hint()).contains("VAULT_CLIENT_CERT");
    }

    @Test
    default void clientCertificateOfAnotherAuthorityIsRefused() {
        Map<String, String> variables = bench().tlsFiles()
                .variables(
                        bench().engine().address(Door.CLIENT_CERTIFICATE),
                        TestCertificates.create().client("anybody"));
        assertThat(refused(variables).hint()).contains("VAULT_CLIENT_CERT");
    }

    @Test
    default void doorWithoutTlsIsNamed() {
        URI plain = bench().engine().address();
        Map<String, String> variables = bench().tlsFiles()
                .variables(URI.create("https" + plain.toString().substring(4)));
        assertThat(refused(variables).hint()).contains("http://");
    }

    private Map<String, String> variables(Door door) {
        return bench().tlsFiles().variables(bench().engine().address(door));
    }

    private ContractSession session(Map<String, String> variables) {
        return bench().session(VaultConfig.fromEnvironment(variables), bench().login());
    }

    private void assertReads(Map<String, String> variables) {
        assertThat(session(variables).versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
    }

    private VaultTlsException refused(Map<String, String> variables) {
        ContractSession session = session(variables);
        VaultTlsException refused = failureOf(VaultTlsException.class, session::token);
        assertThat(refused).isInstanceOf(VaultUnavailableException.class);
        assertThat(refused.status()).isZero();
        assertThat(session.logins()).as("it would fail again").isEqualTo(1);
        assertThat(session.waits()).isEmpty();
        return refused;
    }
}
