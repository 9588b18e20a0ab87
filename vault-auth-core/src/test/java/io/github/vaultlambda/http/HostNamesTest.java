package io.github.vaultlambda.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.vaultlambda.testkit.TestCertificates;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNamesTest {
    private static final TestCertificates AUTHORITY = TestCertificates.create();

    private static X509Certificate certificate(String... hosts) {
        return AUTHORITY
                .request()
                .hosts(hosts)
                .commonName("vault.example.com")
                .issue()
                .certificate();
    }

    @ParameterizedTest
    @CsvSource({
        "vault.example.com, vault.example.com",
        "VAULT.example.com, vault.EXAMPLE.com",
        "vault.example.com., vault.example.com",
        "vault, vault",
        "my_vault, my_vault",
        "vault.example.com, *.example.com",
        "xn--bcher-kva.example.com, *.example.com",
        "127.0.0.1, 127.0.0.1",
        "::1, ::1",
        "0:0:0:0:0:0:0:1, ::1",
        "fe80::1:2, fe80:0::1:2"
    })
    void theCertificateIsForTheHost(String host, String named) {
        X509Certificate certificate = certificate("other.example.org", named);

        assertThatCode(() -> HostNames.check(certificate, host, false)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "vault.example.com, vault.example.org",
        "vault.example.com, example.com",
        "example.com, *.example.com",
        ".example.com, *.example.com",
        "a.vault.example.com, *.example.com",
        "vault.example.com, v*.example.com",
        "vault.example.com, *t.example.com",
        "vault.example.com, vault.*.com",
        "vault.example.com, *",
        "vault.com, *.com",
        "127.0.0.2, 127.0.0.1",
        "127.0.0.1, *.0.0.1",
        "::2, 0:0:0:0:0:0:0:1",
        "vault.example.com.evil.org, vault.example.com",
        "evilvault.example.com, vault.example.com"
    })
    void theCertificateIsForOthers(String host, String named) {
        X509Certificate certificate = certificate(named);

        assertThat(catchThrowable(() -> HostNames.check(certificate, host, false)))
                .isInstanceOf(Distrust.class)
                .hasMessage("its certificate is not for " + host + " but for " + named);
    }

    @Test
    void aPrivateAuthorityMayNameAWholeDomainOfOneLabel() {
        assertThatCode(() -> HostNames.check(certificate("*.internal"), "vault.internal", true))
                .doesNotThrowAnyException();
        assertThat(catchThrowable(() -> HostNames.check(certificate("*."), "vault.", true)))
                .isInstanceOf(Distrust.class);
    }

    @Test
    void theCommonNameDoesNotCount() {
        assertThat(catchThrowable(() -> HostNames.check(certificate(), "vault.example.com", true)))
                .hasMessage("its certificate is not for vault.example.com; it names no host at all, its common name"
                        + " does not count");
    }

    @Test
    void manyNamesAreNotAllNamed() {
        String[] hosts = new String[30];
        for (int i = 0; i < hosts.length; i++) {
            hosts[i] = "h" + i + ".example.com";
        }
        assertThat(catchThrowable(() -> HostNames.check(certificate(hosts), "vault", true)))
                .hasMessageEndingWith("h9.example.com and 20 more");
    }
}
