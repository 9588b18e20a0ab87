package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.testkit.wire.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VaultEc2Test extends VaultFixture {
    private static final String ID = "i-0123456789abcdef0";
    private static final TestCertificate AWS = TestCertificates.create()
            .request()
            .keyType(TestCertificate.KeyType.RSA_2048)
            .selfSigned()
            .issue();

    @BeforeEach
    void enable() {
        vault.enableAuth("aws", "aws");
        vault.write(
                "auth/aws/config/certificate/ours",
                Map.of("type", "identity", "aws_public_cert", base64(AWS.certificatePem())));
        vault.write(
                "auth/aws/role/r",
                Map.of(
                        "auth_type", "ec2",
                        "bound_ami_id", "ami-1",
                        "bound_account_id", "123456789012",
                        "bound_region", "eu-central-1",
                        "token_policies", "p",
                        "token_ttl", 600));
        vault.knowsInstance(ID, "ami-1", "123456789012", "eu-central-1");
    }

    private static String document(String id, String pending) {
        return Json.write(Map.of(
                "instanceId", id,
                "imageId", "ami-1",
                "accountId", "123456789012",
                "region", "eu-central-1",
                "pendingTime", pending));
    }

    private static byte[] sign(byte[] bytes) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(AWS.privateKey());
        signature.update(bytes);
        return signature.sign();
    }

    private static Map<String, Object> body(String document, @Nullable String nonce) throws Exception {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("role", "r");
        body.put("identity", base64(document));
        body.put("signature", Base64.getMimeEncoder().encodeToString(sign(document.getBytes(StandardCharsets.UTF_8))));
        if (nonce != null) {
            body.put("nonce", nonce);
        }
        return body;
    }

    private Http.Reply login(Map<String, Object> body) throws Exception {
        return call(null, "POST", "auth/aws/login", body);
    }

    private Http.Reply login(@Nullable String nonce) throws Exception {
        return login(body(document(ID, "2026-03-01T10:00:00Z"), nonce));
    }

    @Test
    void theFirstLoginGetsANonceThatLaterOnesNeed() throws Exception {
        Http.Reply first = login((String) null);

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.at("auth", "policies")).isEqualTo(List.of("default", "p"));
        assertThat(first.text("auth", "lease_duration")).isEqualTo("600");
        String nonce = first.text("auth", "metadata", "nonce");
        assertThat(first.text("auth", "metadata"))
                .isEqualTo(
                        "{account_id=123456789012, auth_type=ec2, nonce=" + nonce + ", role=r, role_tag_max_ttl=0s}");
        assertFails(login((String) null), 400, "client nonce mismatch");
        assertFails(login("other"), 400, "client nonce mismatch");

        Http.Reply second = login(nonce);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.at("auth", "metadata", "nonce")).isNull();
        assertThat(root("GET", "auth/aws/identity-accesslist/" + ID, null).text("data", "role"))
                .isEqualTo("r");
        root("DELETE", "auth/aws/identity-accesslist/" + ID, null);
        assertThat(login((String) null).status()).isEqualTo(200);
    }

    @Test
    void clientsMayBringTheirNonceOrNone() throws Exception {
        assertThat(login("mine").at("auth", "metadata", "nonce")).isNull();
        assertThat(login("mine").status()).isEqualTo(200);
        assertFails(
                login(body(document(ID, "2026-03-01T09:00:00Z"), "mine")),
                400,
                "instance meta-data is older than the one used for previous login");
        assertFails(login(""), 400, "reauthentication is disabled");

        root("DELETE", "auth/aws/identity-accesslist/" + ID, null);
        assertThat(login("").status()).isEqualTo(200);
        assertFails(login("mine"), 400, "reauthentication is disabled");
        root("DELETE", "auth/aws/identity-accesslist/" + ID, null);
        assertFails(login("x".repeat(129)), 400, "client nonce exceeding the limit of 128 characters");
    }

    @Test
    void rolesForbidOrLoosenReauthentication() throws Exception {
        vault.write("auth/aws/role/r", Map.of("disallow_reauthentication", true));
        assertThat(login((String) null).at("auth", "metadata", "nonce")).isNull();
        assertFails(login("any"), 400, "reauthentication is disabled");
        assertFails(
                root("POST", "auth/aws/role/r", Map.of("allow_instance_migration", true)),
                400,
                "cannot specify both disallow_reauthentication=true and allow_instance_migration=true");

        root("DELETE", "auth/aws/identity-accesslist/" + ID, null);
        vault.write("auth/aws/role/r", Map.of("disallow_reauthentication", false, "allow_instance_migration", true));
        assertThat(login((String) null).status()).isEqualTo(200);
        assertFails(login("other"), 400, "client nonce mismatch and instance meta-data incorrect");
        assertThat(login(body(document(ID, "2026-03-01T11:00:00Z"), "other")).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            bound_region          | us-east-1    | Region "eu-central-1" does not satisfy the constraint on role "r"
            bound_ami_id          | ami-2        | Error validating instance: AMI ID "ami-1" does not belong to role "r"
            bound_account_id      | 000000000000 | Error validating instance: account ID "123456789012" does not belong to role "r"
            bound_ec2_instance_id | i-1          | Error validating instance: instance ID "i-0123456789abcdef0" does not belong to the role "r"
            """)
    void checksTheBounds(String bound, String value, String error) throws Exception {
        vault.write("auth/aws/role/r", Map.of(bound, value));
        assertFails(login((String) null), 400, error);
    }

    @Test
    void verifiesTheDocument() throws Exception {
        Map<String, Object> body = body(document(ID, "2026-03-01T10:00:00Z"), null);
        body.put("identity", base64(document("i-2", "2026-03-01T10:00:00Z")));
        assertFails(login(body), 500, "instance identity verification using SHA256 RSA signature is unsuccessful");
        body.put("identity", "%");
        assertFails(login(body), 400, "failed to base64 decode the instance identity document");
        body.put("iam_request_url", "x");
        assertFails(login(body), 400, "supplied auth values for both ec2 and iam auth types");
        assertFails(login(Map.of("role", "r", "identity", "x")), 400, "didn't supply required authentication values");
        assertFails(
                login(body(document("i-3", "2026-03-01T10:00:00Z"), null)),
                400,
                "failed to verify instance ID: error fetching description for instance ID \"i-3\":"
                        + " InvalidInstanceID.NotFound: The instance ID 'i-3' does not exist");
    }

    @Test
    void rolesHaveOneType() throws Exception {
        Map<String, Object> byName = body(document(ID, "2026-03-01T10:00:00Z"), null);
        byName.remove("role");
        assertFails(login(byName), 400, "entry for role \"ami-1\" not found");
        vault.write(
                "auth/aws/role/iam",
                Map.of("bound_iam_principal_arn", "arn:aws:iam::123456789012:role/x", "resolve_aws_unique_ids", false));
        byName.put("role", "iam");
        assertFails(login(byName), 400, "auth method ec2 not allowed for role iam");
        assertFails(
                root("POST", "auth/aws/role/r", Map.of("auth_type", "iam")),
                400,
                "changing auth_type on a role is not allowed");
        assertFails(
                root("POST", "auth/aws/role/bad", Map.of("bound_ami_id", "ami-1")),
                400,
                "specified bound_ami_id but not specifying ec2 auth_type or inferring ec2_instance");
        Http.Reply shown = root("GET", "auth/aws/role/r", null);
        assertThat(shown.text("data", "auth_type")).isEqualTo("ec2");
        assertThat(shown.at("data", "bound_ami_id")).isEqualTo(List.of("ami-1"));
    }

    @Test
    void renewalWantsTheInstanceToRun() throws Exception {
        String token = login((String) null).text("auth", "client_token");
        assertThat(call(token, "POST", "auth/token/renew-self", Map.of()).text("auth", "lease_duration"))
                .isEqualTo("600");

        vault.stopsInstance(ID, "123456789012", "eu-central-1");
        assertFails(
                call(token, "POST", "auth/token/renew-self", Map.of()),
                500,
                "1 error occurred:\n\t* failed to renew entry: failed to verify instance ID \"" + ID
                        + "\": instance is not in 'running' state\n\n");
        assertFails(login("x"), 400, "failed to verify instance ID: instance is not in 'running' state");
    }

    @Test
    void readsPkcs7() throws Exception {
        byte[] document = document(ID, "2026-03-01T10:00:00Z").getBytes(StandardCharsets.UTF_8);
        Map<String, Object> plain = Map.of("role", "r", "pkcs7", TestPkcs7.signed(AWS, document, sign(document), null));
        assertFails(login(plain), 500, "failed to verify the signature: pkcs7: No certificate for signer");
        vault.write("auth/aws/config/certificate/p7", Map.of("aws_public_cert", AWS.certificatePem()));

        assertThat(login(plain).text("auth", "metadata", "account_id")).isEqualTo("123456789012");
        root("DELETE", "auth/aws/identity-accesslist/" + ID, null);
        byte[] attributes =
                TestPkcs7.attributes(MessageDigest.getInstance("SHA-256").digest(document));
        assertThat(login(Map.of(
                                "role",
                                "r",
                                "pkcs7",
                                TestPkcs7.signed(AWS, document, sign(TestPkcs7.set(attributes)), attributes)))
                        .status())
                .isEqualTo(200);
        byte[] other = TestPkcs7.attributes(new byte[32]);
        assertFails(
                login(Map.of("role", "r", "pkcs7", TestPkcs7.signed(AWS, document, sign(TestPkcs7.set(other)), other))),
                500,
                "failed to verify the signature: pkcs7: Message digest mismatch");
        assertFails(
                login(Map.of("role", "r", "pkcs7", TestPkcs7.signed(AWS, document, sign(new byte[1]), null))),
                500,
                "failed to verify the signature: crypto/rsa: verification error");
        assertFails(
                login(Map.of("role", "r", "pkcs7", "AAAA")), 500, "failed to parse the BER encoded PKCS#7 signature");
    }

    @Test
    void certificatesAreKept() throws Exception {
        assertFails(
                root("POST", "auth/aws/config/certificate/x", Map.of("type", "odd")),
                400,
                "invalid certificate type \"odd\"");
        assertFails(root("POST", "auth/aws/config/certificate/x", Map.of()), 400, "missing aws_public_cert");
        assertThat(root("GET", "auth/aws/config/certificate/ours", null).text("data", "type"))
                .isEqualTo("identity");
        assertThat(root("LIST", "auth/aws/config/certificates", null).at("data", "keys"))
                .isEqualTo(List.of("ours"));
    }
}
