package io.github.vaultlambda.auth.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateLoginTest extends ScriptedLogin {
    @Test
    void sendsNoMoreThanTheRole() throws IOException {
        vault.then(200, ACCEPTED).then(200, ACCEPTED);

        login(new CertificateLogin(CertificateOptions.of()));
        login(new CertificateLogin(CertificateOptions.of().withRole("orders").withMount("pki/cert")));

        assertThat(vault.call(0)).hasToString("PUT https://vault.example.com/v1/auth/cert/login");
        assertThat(body(0)).isEqualTo("{}");
        assertThat(vault.call(1)).hasToString("PUT https://vault.example.com/v1/auth/pki/cert/login");
        assertThat(json(1).text("name")).isEqualTo("orders");
        assertThat(json(1).fields()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            400 | tls connection required | no client certificate reached Vault: VAULT_CLIENT_CERT
            400 | client certificate must be supplied | https://vault.example.com must be https
            400 | failed to match all constraints for this login certificate | the certificate of auth/cert/certs/orders
            400 | invalid certificate or no client certificate supplied | the certificate of auth/cert/certs/orders
            400 | certificate mismatch of a trusted leaf certificate | the same serial number
            500 | failed to verify client's certificate: x509: certificate has expired | check its dates
            403 | permission denied | is the path of a TLS certificate auth method
            403 | permission denied | token_bound_cidrs of auth/cert/certs/orders
            """)
    void saysWhatToFix(int status, String error, String hint) {
        VaultLoginException refused =
                refused(new CertificateLogin(CertificateOptions.of().withRole("orders")), status, error);

        assertThat(refused.hint()).contains(hint);
        assertThat(refused.mount()).isEqualTo("auth/cert");
    }

    @Test
    void readsItsVariables() {
        assertThat(CertificateOptions.read(settings("VAULT_CLIENT_CERT", "/c.pem", "VAULT_CLIENT_KEY", "/k.pem")))
                .hasToString("any fitting role at auth/cert (TLS certificate)");
        assertThat(CertificateOptions.read(settings(
                        "VAULT_CLIENT_CERT",
                        "/c.pem",
                        "VAULT_CLIENT_KEY",
                        "/k.pem",
                        "VAULT_AUTH_ROLE",
                        "orders",
                        "VAULT_AUTH_PROVIDER",
                        "pki")))
                .hasToString("role orders at auth/pki (TLS certificate)");
        assertThat(faults(CertificateOptions::read))
                .containsExactly("VAULT_CLIENT_CERT and VAULT_CLIENT_KEY are missing: set them to the PEM files of the"
                        + " client certificate to log in with and of its private key");
    }
}
