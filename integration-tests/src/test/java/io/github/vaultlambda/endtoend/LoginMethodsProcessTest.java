package io.github.vaultlambda.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.testkit.LambdaEmulator;
import io.github.vaultlambda.testkit.TestCertificate;
import io.github.vaultlambda.testkit.TestCertificates;
import io.github.vaultlambda.testkit.TestSecrets;
import io.github.vaultlambda.testkit.VaultStandIn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged extension with the login methods that need no AWS; that of AWS serves all other tests. */
final class LoginMethodsProcessTest {
    private static final String SECRET = "secret/data/orders/db";

    private final TestCertificates authority = TestCertificates.create();
    private final VaultStandIn vault = VaultStandIn.startTls(authority);
    private final String password = TestSecrets.mint("password-");
    private final Map<String, String> variables = new HashMap<>();

    @TempDir
    private Path folder = Path.of("unset");

    @AfterEach
    void close() {
        vault.close();
    }

    private void serves(String method) throws Exception {
        vault.readable("orders", SECRET);
        vault.putSecret(SECRET, Map.of("password", password));
        variables.put("VAULT_AUTH_METHOD", method);
        variables.put("VAULT_ADDR", vault.address().toString());
        variables.put("VAULT_CACERT_BYTES", authority.rootPem());
        variables.put("VAULT_RUN_MODE", "file");
        variables.put("VAULT_LOG_LEVEL", "trace");
        variables.put("VAULT_SECRET_PATH", SECRET + "#password");
        variables.put("VAULT_SECRET_FILE", folder.resolve("password").toString());
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            lambda.init();
            assertThat(Files.readString(folder.resolve("password")).equals(password))
                    .isTrue();
            assertThat(lambda.shutdown().process(Stage.EXTENSION).exitCode()).isZero();
        }
    }

    private String write(String path, Map<String, ?> fields, String field) {
        return String.valueOf(Objects.requireNonNull(vault.write(path, fields)).get(field));
    }

    @Test
    void token() throws Exception {
        variables.put("VAULT_TOKEN", vault.createToken(Duration.ofMinutes(5), "orders"));
        serves("token");
    }

    @Test
    void appRole() throws Exception {
        vault.enableAuth("approle", "approle");
        vault.write("auth/approle/role/orders", Map.of("role_id", "id", "token_policies", List.of("orders")));
        variables.put("VAULT_APPROLE_ROLE_ID", "id");
        variables.put("VAULT_APPROLE_SECRET_ID", write("auth/approle/role/orders/secret-id", Map.of(), "secret_id"));
        serves("approle");
    }

    @Test
    void userpass() throws Exception {
        String own = TestSecrets.mint("password-");
        vault.enableAuth("userpass", "userpass");
        vault.write("auth/userpass/users/bob", Map.of("password", own, "token_policies", List.of("orders")));
        variables.put("VAULT_AUTH_USERNAME", "bob");
        variables.put("VAULT_AUTH_PASSWORD", own);
        serves("userpass");
    }

    @Test
    void certificate() throws Exception {
        vault.enableAuth("cert", "cert");
        vault.write(
                "auth/cert/certs/web", Map.of("certificate", authority.rootPem(), "token_policies", List.of("orders")));
        TestCertificate client = authority.client("orders");
        variables.put(
                "VAULT_CLIENT_CERT",
                Files.writeString(folder.resolve("cert.pem"), client.certificatePem())
                        .toString());
        variables.put(
                "VAULT_CLIENT_KEY",
                Files.writeString(folder.resolve("key.pem"), client.privateKeyPem())
                        .toString());
        serves("cert");
    }

    @Test
    void jwt() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair key = generator.generateKeyPair();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(key.getPublic().getEncoded()) + "\n-----END PUBLIC KEY-----\n";
        vault.enableAuth("jwt", "jwt");
        vault.write("auth/jwt/config", Map.of("jwt_validation_pubkeys", pem, "default_role", "orders"));
        vault.write(
                "auth/jwt/role/orders",
                Map.of(
                        "role_type", "jwt",
                        "user_claim", "sub",
                        "bound_audiences", "vault",
                        "token_policies", List.of("orders")));
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        long now = Instant.now().getEpochSecond();
        String text = encoder.encodeToString("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(UTF_8))
                + "."
                + encoder.encodeToString(
                        ("{\"sub\":\"s\",\"aud\":\"vault\",\"iat\":" + now + ",\"exp\":" + (now + 600) + "}")
                                .getBytes(UTF_8));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key.getPrivate());
        signature.update(text.getBytes(UTF_8));
        variables.put(
                "VAULT_AUTH_JWT_FILE",
                Files.writeString(folder.resolve("jwt"), text + "." + encoder.encodeToString(signature.sign()))
                        .toString());
        serves("jwt");
    }
}
