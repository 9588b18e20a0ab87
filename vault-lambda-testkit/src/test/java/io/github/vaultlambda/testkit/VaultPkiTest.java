package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VaultPkiTest extends VaultFixture {
    private static final String NAME = "a.example.com";

    @BeforeEach
    void aRole() {
        vault.enableEngine("pki", "pki");
        vault.write("pki/root/generate/internal", Map.of("common_name", "Test root", "key_type", "ec", "ttl", "700h"));
        vault.write("pki/roles/web", Map.of("allow_any_name", true, "key_type", "ec", "max_ttl", "24h"));
    }

    private Http.Reply issue(String role, Map<String, ?> fields) throws Exception {
        return root("POST", "pki/issue/" + role, fields);
    }

    private static X509Certificate certificate(String pem) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void issuesACertificateThatItsRootHasSigned() throws Exception {
        Http.Reply reply = issue("web", Map.of("common_name", NAME, "ttl", "1h"));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body())
                .startsWith("{\"request_id\":")
                .contains(
                        "\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,\"data\":{\"ca_chain\":[\"-----BEGIN"
                                + " CERTIFICATE-----\\n")
                .contains("\"private_key\":\"-----BEGIN EC PRIVATE KEY-----\\n")
                .contains("-----END EC PRIVATE KEY-----\",\"private_key_type\":\"ec\",\"serial_number\":\"")
                .endsWith("\"warnings\":null,\"auth\":null,\"mount_type\":\"pki\"}\n");
        Instant end = clock.instant().plus(Duration.ofHours(1));
        X509Certificate certificate = certificate(reply.text("data", "certificate"));
        X509Certificate root = certificate(reply.text("data", "issuing_ca"));
        certificate.verify(root.getPublicKey());
        certificate.checkValidity(Date.from(end.minusSeconds(1)));
        assertThat(root.getSubjectX500Principal().getName()).isEqualTo("CN=Test root");
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + NAME);
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(end);
        assertThat(certificate.getNotBefore().toInstant())
                .isEqualTo(clock.instant().minusSeconds(30));
        assertThat(reply.text("data", "expiration")).isEqualTo(Long.toString(end.getEpochSecond()));
        assertThat(reply.at("data", "ca_chain")).isEqualTo(List.of(reply.text("data", "issuing_ca")));
        assertThat(reply.text("data", "serial_number").replace(":", ""))
                .isEqualTo(certificate.getSerialNumber().toString(16));
    }

    @Test
    void givesTheKeyThatBelongsToTheCertificate() throws Exception {
        Http.Reply reply = issue("web", Map.of("common_name", NAME, "private_key_format", "pkcs8"));
        String key = reply.text("data", "private_key").replaceAll("-----[A-Z ]+-----|\\n", "");
        assertThat(reply.text("data", "private_key")).startsWith("-----BEGIN PRIVATE KEY-----\n");

        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key))));
        signer.update(new byte[] {1});
        byte[] signature = signer.sign();

        signer.initVerify(certificate(reply.text("data", "certificate")));
        signer.update(new byte[] {1});
        assertThat(signer.verify(signature)).isTrue();
    }

    @Test
    void putsNamesAndAddressesIn() throws Exception {
        Http.Reply reply =
                issue("web", Map.of("common_name", NAME, "alt_names", "b.example.com," + NAME, "ip_sans", "127.0.0.1"));

        assertThat(certificate(reply.text("data", "certificate")).getSubjectAlternativeNames())
                .hasToString("[[2, a.example.com], [2, b.example.com], [7, 127.0.0.1]]");
    }

    @Test
    void bundlesAndEncodes() throws Exception {
        Http.Reply bundle = issue("web", Map.of("common_name", NAME, "format", "pem_bundle"));
        assertThat(bundle.text("data", "certificate"))
                .startsWith(bundle.text("data", "private_key") + "\n-----BEGIN CERTIFICATE-----\n")
                .endsWith("-----END CERTIFICATE-----\n" + bundle.text("data", "issuing_ca"));

        Http.Reply der = issue("web", Map.of("common_name", NAME, "format", "der"));
        assertThat(Base64.getDecoder().decode(der.text("data", "certificate"))).startsWith(0x30, 0x82);
    }

    @Test
    void capsTheTtl() throws Exception {
        String warning = "TTL \"48h0m0s\" is longer than permitted maxTTL \"24h0m0s\", so maxTTL is being used";
        Http.Reply reply = issue("web", Map.of("common_name", NAME, "ttl", "48h"));
        assertThat(reply.at("warnings")).isEqualTo(List.of(warning, warning));
        assertThat(reply.text("data", "expiration"))
                .isEqualTo(Long.toString(clock.instant().getEpochSecond() + 86_400));

        vault.write("pki/roles/long", Map.of("allow_any_name", true, "key_type", "ec"));
        assertFails(
                issue("long", Map.of("common_name", NAME)),
                400,
                "cannot satisfy request, as TTL would result in notAfter of 2026-04-02T12:00:00Z that is beyond the"
                        + " expiration of the CA certificate at 2026-03-30T16:00:00Z");
    }

    @Test
    void refusesBadRequests() throws Exception {
        assertFails(
                issue("web", Map.of()),
                400,
                "the common_name field is required, or must be provided in a CSR with \"use_csr_common_name\" set to"
                        + " true, unless \"require_cn\" is set to false");
        assertFails(issue("nope", Map.of("common_name", NAME)), 400, "unknown role: nope");
        assertFails(
                issue("web", Map.of("common_name", "not a host")),
                400,
                "common name not a host not allowed by this role");
        assertFails(
                issue("web", Map.of("common_name", NAME, "ip_sans", "x")),
                400,
                "the value \"x\" is not a valid IP address");
        assertFails(
                issue("web", Map.of("common_name", NAME, "format", "xx")),
                400,
                "the \"format\" path parameter must be \"pem\", \"der\", or \"pem_bundle\"");
        assertFails(
                issue("web", Map.of("common_name", NAME, "ttl", "abc")),
                400,
                "Field validation failed: error converting input for field \"ttl\": time: invalid duration \"abc\"");
        assertFails(root("GET", "pki/issue/web", null), 405, "1 error occurred:\n\t* unsupported operation\n\n");
        vault.enableEngine("empty", "pki");
        vault.write("empty/roles/web", Map.of("allow_any_name", true));
        assertFails(
                root("POST", "empty/issue/web", Map.of("common_name", NAME)),
                500,
                "1 error occurred:\n\t* could not fetch the CA certificate (was one set?): no default issuer currently"
                        + " configured\n\n");
    }

    @Test
    void rolesSayWhichNames() throws Exception {
        vault.write("pki/roles/r", Map.of("allowed_domains", "example.com", "key_type", "ec", "ttl", "5m"));
        assertFails(issue("r", Map.of("common_name", NAME)), 400, "common name " + NAME + " not allowed by this role");
        assertFails(
                issue("r", Map.of("common_name", "example.com")),
                400,
                "common name example.com not allowed by this role");
        assertThat(issue("r", Map.of("common_name", "localhost")).status()).isEqualTo(200);

        vault.write(
                "pki/roles/r",
                Map.of("allowed_domains", "example.com", "key_type", "ec", "ttl", "5m", "allow_subdomains", true));
        assertThat(issue("r", Map.of("common_name", NAME)).status()).isEqualTo(200);
        assertFails(
                issue("r", Map.of("common_name", NAME, "alt_names", "x.org")),
                400,
                "subject alternate name x.org not allowed by this role");
        assertThat(root("GET", "pki/roles/r", null).text("data", "max_ttl")).isEqualTo("0");
        assertThat(root("LIST", "pki/roles", null).at("data", "keys")).isEqualTo(List.of("r", "web"));
        assertFails(
                root("POST", "pki/roles/q", Map.of("ttl", "2h", "max_ttl", "1h")),
                400,
                "\"ttl\" value must be less than \"max_ttl\" value");
        assertFails(root("POST", "pki/roles/q", Map.of("key_type", "foo")), 400, "unknown key type foo");
        assertFails(root("GET", "pki/roles/q", null), 404);
    }

    @Test
    void leasesCertificatesWhenTheRoleSaysSo() throws Exception {
        vault.write("pki/roles/r", Map.of("allow_any_name", true, "key_type", "ec", "generate_lease", true));

        Http.Reply reply = issue("r", Map.of("common_name", NAME, "ttl", "1h"));

        assertThat(reply.text("lease_id")).startsWith("pki/issue/r/");
        assertThat(reply.at("renewable")).isEqualTo(false);
        assertThat(reply.text("lease_duration")).isEqualTo("3600");
        assertFails(
                root("PUT", "sys/leases/renew", Map.of("lease_id", reply.text("lease_id"))),
                400,
                "lease is not renewable");
    }

    @Test
    void theDefaultKeyIsRsa() throws Exception {
        vault.write("pki/roles/r", Map.of("allow_any_name", true, "max_ttl", "1h"));

        Http.Reply reply = issue("r", Map.of("common_name", NAME));

        assertThat(reply.text("data", "private_key_type")).isEqualTo("rsa");
        assertThat(reply.text("data", "private_key")).startsWith("-----BEGIN RSA PRIVATE KEY-----\n");
        certificate(reply.text("data", "certificate"))
                .verify(certificate(reply.text("data", "issuing_ca")).getPublicKey());
    }
}
