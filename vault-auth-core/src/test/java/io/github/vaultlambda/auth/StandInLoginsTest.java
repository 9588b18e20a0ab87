package io.github.vaultlambda.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.fakes.Said;
import io.github.vaultlambda.testkit.TestCertificate;
import io.github.vaultlambda.testkit.TestCertificates;
import io.github.vaultlambda.testkit.TestSecrets;
import io.github.vaultlambda.testkit.VaultStandIn;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The login methods as variables choose them, at a Vault that judges them. */
class StandInLoginsTest {
    private static final KeyPair KEY = key();

    private final FakeClock clock = new FakeClock();
    private final VaultStandIn vault = VaultStandIn.builder().clock(clock).start();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        vault.close();
    }

    private void set(String... variables) {
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
    }

    private VaultSession session() {
        environment.put("VAULT_ADDR", vault.address().toString());
        return session(Platform.system().withClock(clock).withSleeper(clock));
    }

    private VaultSession session(Platform platform) {
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        VaultConfig config = VaultConfig.read(settings);
        LoginMethod login = LoginMethods.read(settings, platform);
        settings.rejectFaults();
        return VaultSession.of(config, login, platform);
    }

    private VaultToken login() {
        VaultSession session = session();
        return session.token(session.client().newDeadline());
    }

    private VaultLoginException refused() {
        VaultSession session = session();
        return refused(session);
    }

    private static VaultLoginException refused(VaultSession session) {
        VaultLoginException refused = catchThrowableOfType(
                VaultLoginException.class, () -> session.token(session.client().newDeadline()));
        assertThat(refused).isNotNull();
        assertThat(Said.by(refused)).doesNotContain(TestSecrets.MARKER);
        return refused;
    }

    private static KeyPair key() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String publicPem() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(KEY.getPublic().getEncoded()) + "\n-----END PUBLIC KEY-----\n";
    }

    private String jwt(String claims) throws GeneralSecurityException {
        long now = clock.instant().getEpochSecond();
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String text = encoder.encodeToString("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(UTF_8))
                + "."
                + encoder.encodeToString(
                        ("{\"iat\":" + now + ",\"exp\":" + (now + 600) + ",\"aud\":\"vault\"," + claims + "}")
                                .getBytes(UTF_8));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(KEY.getPrivate());
        signature.update(text.getBytes(UTF_8));
        return text + "." + encoder.encodeToString(signature.sign());
    }

    // ------------------------------------------------------------------ JWT

    @Test
    void jwt() throws Exception {
        vault.enableAuth("jwt", "jwt");
        vault.write("auth/jwt/config", Map.of("jwt_validation_pubkeys", publicPem(), "default_role", "orders"));
        vault.write(
                "auth/jwt/role/orders",
                Map.of(
                        "role_type",
                        "jwt",
                        "user_claim",
                        "sub",
                        "bound_audiences",
                        "vault",
                        "bound_claims",
                        Map.of("env", "prod"),
                        "token_ttl",
                        600));
        Path file = folder.resolve("jwt");
        set("VAULT_AUTH_METHOD", "jwt", "VAULT_AUTH_JWT_FILE", file.toString());

        assertThat(refused()).hasMessageContaining("there is no such file");
        Files.writeString(file, jwt("\"sub\":\"s\",\"env\":\"prod\"") + "\n");
        assertThat(login().ttl()).isEqualTo(Duration.ofMinutes(10));

        clock.advance(Duration.ofHours(1));
        assertThat(refused().hint()).contains("the JWT has expired");
        Files.writeString(file, jwt("\"sub\":\"s\",\"env\":\"test\""));
        assertThat(refused().hint()).contains("bound_claims of the default role");
        set("VAULT_AUTH_ROLE", "other");
        assertThat(refused().hint()).contains("set VAULT_AUTH_ROLE to a role that exists in auth/jwt/role");
        set("VAULT_AUTH_PROVIDER", "elsewhere");
        assertThat(refused().hint()).contains("check that VAULT_AUTH_PROVIDER, now elsewhere,");
    }

    // ------------------------------------------------------------------ Kubernetes

    @Test
    void kubernetes() throws Exception {
        try (ServerSocket cluster = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread reviewer = new Thread(() -> confirmAll(cluster), "kubernetes");
            reviewer.setDaemon(true);
            reviewer.start();
            vault.enableAuth("kubernetes", "kubernetes");
            Path file = folder.resolve("token");
            Files.writeString(file, jwt(account("orders")));
            set("VAULT_AUTH_METHOD", "kubernetes", "VAULT_AUTH_ROLE", "orders");
            set("VAULT_KUBERNETES_TOKEN_FILE", file.toString());

            assertThat(refused().hint()).contains("a role that exists in auth/kubernetes/role");
            vault.write(
                    "auth/kubernetes/role/orders",
                    Map.of(
                            "bound_service_account_names",
                            "orders",
                            "bound_service_account_namespaces",
                            "shop",
                            "token_ttl",
                            600));
            assertThat(refused().hint()).contains("write auth/kubernetes/config");
            vault.write(
                    "auth/kubernetes/config", Map.of("kubernetes_host", "http://localhost:" + cluster.getLocalPort()));
            assertThat(login().ttl()).isEqualTo(Duration.ofMinutes(10));

            Files.writeString(file, jwt(account("other")));
            assertThat(refused().hint()).contains("bound_service_account_names of auth/kubernetes/role/orders");
        }
    }

    /** A Kubernetes that knows every token as that of the account orders. */
    private static void confirmAll(ServerSocket cluster) {
        String review = "{\"status\":{\"authenticated\":true,\"user\":{\"username\":"
                + "\"system:serviceaccount:shop:orders\",\"uid\":\"u-1\"}}}";
        while (!cluster.isClosed()) {
            try (Socket connection = cluster.accept()) {
                InputStream in = connection.getInputStream();
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) in.read());
                }
                String lower = head.toString().toLowerCase(Locale.ROOT);
                int length = lower.indexOf("content-length:") + "content-length:".length();
                in.readNBytes(Integer.parseInt(
                        lower.substring(length, lower.indexOf('\r', length)).strip()));
                connection
                        .getOutputStream()
                        .write(("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nConnection: close\r\n"
                                        + "Content-Length: " + review.length() + "\r\n\r\n" + review)
                                .getBytes(UTF_8));
            } catch (IOException e) {
                if (!cluster.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static String account(String name) {
        return "\"kubernetes.io\":{\"namespace\":\"shop\",\"serviceaccount\":{\"name\":\"" + name
                + "\",\"uid\":\"u-1\"}},\"sub\":\"system:serviceaccount:shop:" + name + "\"";
    }

    // ------------------------------------------------------------------ AppRole

    private String write(String path, Map<String, ?> fields, String field) {
        return String.valueOf(Objects.requireNonNull(vault.write(path, fields)).get(field));
    }

    private void appRole() {
        vault.enableAuth("approle", "approle");
        vault.write(
                "auth/approle/role/orders",
                Map.of("role_id", "id", "token_ttl", 600, "secret_id_num_uses", 3, "secret_id_ttl", 7200));
        set("VAULT_AUTH_METHOD", "approle", "VAULT_APPROLE_ROLE_ID", "id");
    }

    @Test
    void appRoleWithSecretId() {
        appRole();
        assertThat(refused().hint()).contains("this role has bind_secret_id=true");

        set("VAULT_APPROLE_SECRET_ID", write("auth/approle/role/orders/secret-id", Map.of(), "secret_id"));
        assertThat(login().ttl()).isEqualTo(Duration.ofMinutes(10));
        login();
        login();
        assertThat(refused()).hasMessageContaining("invalid role or secret ID").hasMessageContaining("is not used up");
    }

    @Test
    void appRoleWithoutSecretId() {
        appRole();
        vault.write(
                "auth/approle/role/orders",
                Map.of("bind_secret_id", false, "token_bound_cidrs", "127.0.0.0/8", "token_ttl", 600));

        assertThat(login().ttl()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void appRoleWithWrappedSecretId() throws Exception {
        appRole();
        set("VAULT_APPROLE_WRAPPED_SECRET_ID", wrappedSecretId());
        set("VAULT_APPROLE_SECRET_ID_WRAPPING_PATH", "auth/approle/role/orders/secret-id");

        VaultSession session = session();
        VaultToken first = session.token(session.client().newDeadline());
        clock.advance(Duration.ofHours(1));
        VaultToken second = session.token(session.client().newDeadline());
        assertThat(first.isSameAs(second)).isFalse();

        assertThat(refused()).hasMessageContaining("somebody else may have unwrapped it");
    }

    @Test
    void appRoleDoesNotUnwrapWhatAnotherRoleMade() throws Exception {
        appRole();
        set("VAULT_APPROLE_WRAPPED_SECRET_ID", wrappedSecretId());
        set("VAULT_APPROLE_SECRET_ID_WRAPPING_PATH", "auth/approle/role/billing/secret-id");

        assertThat(refused())
                .hasMessageContaining("was made by auth/approle/role/orders/secret-id, not by"
                        + " auth/approle/role/billing/secret-id; it was not unwrapped");
        environment.remove("VAULT_APPROLE_SECRET_ID_WRAPPING_PATH");
        assertThat(login().ttl()).isEqualTo(Duration.ofMinutes(10));
    }

    private String wrappedSecretId() throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(vault.address() + "/v1/auth/approle/role/orders/secret-id")
                        .toURL()
                        .openConnection();
        connection.setRequestMethod("POST");
        connection.setRequestProperty("X-Vault-Token", vault.rootToken());
        connection.setRequestProperty("X-Vault-Wrap-TTL", "600");
        connection.setDoOutput(true);
        connection.getOutputStream().write("{}".getBytes(UTF_8));
        SecretValue answer = SecretValue.parse(connection.getInputStream().readAllBytes());
        return String.valueOf(Objects.requireNonNull(answer.field("wrap_info")).text("token"));
    }

    // ------------------------------------------------------------------ TLS certificate

    @Test
    void certificate() throws IOException {
        TestCertificates authority = TestCertificates.create();
        try (VaultStandIn tlsVault = VaultStandIn.startTls(authority)) {
            tlsVault.enableAuth("cert", "cert");
            tlsVault.write(
                    "auth/cert/certs/web",
                    Map.of("certificate", authority.rootPem(), "allowed_common_names", "orders", "token_ttl", 600));
            set("VAULT_AUTH_METHOD", "cert", "VAULT_ADDR", tlsVault.address().toString());
            set("VAULT_CACERT", pem("root", authority.rootPem()));
            assertThatThrownBy(() -> session(Platform.system()))
                    .hasMessageContaining("(1) VAULT_CLIENT_CERT and VAULT_CLIENT_KEY are missing");

            setClient(authority.client("orders"));
            VaultSession session = session(Platform.system());
            assertThat(session.token(session.client().newDeadline()).ttl()).isEqualTo(Duration.ofMinutes(10));

            setClient(authority.client("billing"));
            assertThat(refused(session(Platform.system())).hint())
                    .contains("must be issued by the certificate of auth/cert/certs");
        }
    }

    private void setClient(TestCertificate client) throws IOException {
        set(
                "VAULT_CLIENT_CERT",
                pem("client", client.chainPem()),
                "VAULT_CLIENT_KEY",
                pem("key", client.privateKeyPem()));
    }

    private String pem(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name + ".pem"), text).toString();
    }

    // ------------------------------------------------------------------ userpass

    @Test
    void userpass() {
        String password = TestSecrets.mint("pw");
        vault.enableAuth("userpass", "userpass");
        vault.write("auth/userpass/users/bob", Map.of("password", password, "token_ttl", 600));
        set("VAULT_AUTH_METHOD", "userpass", "VAULT_AUTH_USERNAME", "bob", "VAULT_AUTH_PASSWORD", password);

        assertThat(login().ttl()).isEqualTo(Duration.ofMinutes(10));
        set("VAULT_AUTH_PASSWORD", TestSecrets.mint("pw"));
        assertThat(refused().hint()).contains("the user bob of auth/userpass does not exist or has another password");
    }

    // ------------------------------------------------------------------ token

    @Test
    void token() {
        set("VAULT_TOKEN", vault.createToken(Duration.ofMinutes(10), "default"));
        VaultSession session = session();

        VaultToken token = session.token(session.client().newDeadline());

        assertThat(token.ttl()).isEqualTo(Duration.ofMinutes(10));
        assertThat(token.accessor()).isNotNull();
        clock.advance(Duration.ofHours(1));
        assertThat(refused(session).hint()).contains("it has expired, was revoked");
    }

    @Test
    void rootToken() {
        set("VAULT_AUTH_METHOD", "token", "VAULT_TOKEN", vault.rootToken());

        assertThat(login().expiresAt()).isNull();
    }

    @Test
    void tokenThatMayNotLookItselfUp() {
        vault.readable("orders", "secret/data/orders/*");
        vault.putSecret("secret/data/orders/db", Map.of("password", TestSecrets.mint("pw")));
        set(
                "VAULT_TOKEN",
                write(
                        "auth/token/create",
                        Map.of("policies", List.of("orders"), "no_default_policy", true, "ttl", "10m"),
                        "client_token"));
        VaultSession session = session();

        assertThat(session.token(session.client().newDeadline()).expiresAt()).isNull();
        assertThat(session.client().read("secret/data/orders/db").status()).isEqualTo(200);
    }
}
