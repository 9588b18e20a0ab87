package io.github.vaultlambda.auth.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.fakes.ScriptedTransport;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.testkit.ContainerCredentialsEmulator;
import io.github.vaultlambda.testkit.InstanceMetadataEmulator;
import io.github.vaultlambda.testkit.StsCall;
import io.github.vaultlambda.testkit.StsEmulator;
import io.github.vaultlambda.testkit.TestCredentials;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sources of credentials against emulators that verify signatures, tokens and methods, over real connections. */
class CredentialsOverTheWireTest {
    private final StsEmulator sts = StsEmulator.start();
    private final String role = sts.createRole("function");
    private final Platform platform = Platform.system();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        sts.close();
    }

    private AwsCredentialsSource source(Map<String, String> environment) {
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        AwsCredentialsSource source = DefaultCredentials.read(settings, platform);
        settings.rejectFaults();
        return source;
    }

    private static Deadline soon() {
        return Deadline.after(InstantSource.system(), Duration.ofSeconds(30));
    }

    /** The role, as STS sees who signs with these credentials. */
    private void provesTheRole(AwsCredentials credentials) {
        String other = sts.createRole("other");
        new AssumedRoleCredentials(other, StsEndpoint.regional("eu-west-1"), sts.endpoint(), d -> credentials, platform)
                .credentials(soon());
        assertThat(sts.calls())
                .last()
                .extracting(StsCall::principalArn)
                .asString()
                .contains(":assumed-role/function/");
    }

    @Test
    void takesCredentialsFromTheContainer() {
        try (ContainerCredentialsEmulator container = ContainerCredentialsEmulator.start(sts, role)) {
            AwsCredentialsSource source = source(container.environment());

            AwsCredentials credentials = source.credentials(soon());
            provesTheRole(credentials);
            assertThat(source.credentials(soon())).isSameAs(credentials);
            assertThat(container.requestCount()).isEqualTo(1);

            container.rotate();
            container.failNext(2, 503);
            source.forget();
            AwsCredentials next = source.credentials(soon());
            assertThat(next.accessKeyId()).isNotEqualTo(credentials.accessKeyId());
            provesTheRole(next);
        }
    }

    @Test
    void aRotatedTokenFileIsFollowed() {
        try (ContainerCredentialsEmulator pod = ContainerCredentialsEmulator.start(sts, role)) {
            Path file = folder.resolve("token");
            AwsCredentialsSource source = source(pod.environment(file));
            source.credentials(soon());

            pod.rotateAuthorizationToken();
            source.forget();
            assertThatThrownBy(() -> source.credentials(soon()))
                    .isInstanceOf(VaultLoginException.class)
                    .hasMessageContaining("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");

            pod.environment(file);
            assertThat(source.credentials(soon()).expiresAt()).isNotNull();
        }
    }

    @Test
    void takesCredentialsFromTheInstance() {
        try (InstanceMetadataEmulator instance =
                InstanceMetadataEmulator.builder(sts, role).start()) {
            instance.failNext(1, 500);

            provesTheRole(source(instance.environment()).credentials(soon()));
        }
    }

    @Test
    void asksAThrottlingStsAgain() {
        TestCredentials own = sts.issueSession(role);
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_ACCESS_KEY_ID", own.accessKeyId());
        environment.put("AWS_SECRET_ACCESS_KEY", own.secretAccessKey());
        environment.put("AWS_SESSION_TOKEN", String.valueOf(own.sessionToken()));
        environment.put("VAULT_ASSUMED_ROLE_ARN", sts.createRole("vault"));
        environment.put("VAULT_ASSUMED_ROLE_EXTERNAL_ID", "partner:42");
        environment.put("AWS_ENDPOINT_URL_STS", sts.endpoint().toString());
        sts.requireExternalId(sts.createRole("vault"), "partner:42");
        sts.throttleNext(1);
        EnvironmentSettings settings = EnvironmentSettings.of(environment);

        AwsCredentials credentials = AssumedRoleCredentials.read(
                        settings, StsEndpoint.global(), DefaultCredentials.read(settings, platform), platform)
                .credentials(soon());

        assertThat(credentials.accessKeyId()).startsWith("ASIA");
    }

    @Test
    void getsATokenFromSts() {
        TestCredentials own = sts.issueSession(role);
        StsWebIdentityToken source = new StsWebIdentityToken(
                WebIdentityTokenOptions.of("https://vault.example.com").withTag("team", "orders"),
                StsEndpoint.regional("eu-west-1"),
                sts.endpoint(),
                d -> AwsCredentials.of(own.accessKeyId(), own.secretAccessKey(), own.sessionToken()),
                platform);
        assertThatThrownBy(() -> source.token(soon()))
                .isInstanceOf(VaultLoginException.class)
                .hasMessageContaining("iam:EnableOutboundWebIdentityFederation");

        sts.enableOutboundFederation();
        SecretValue token = source.token(soon());

        String[] parts = token.reveal().split("\\.", -1);
        assertThat(parts).hasSize(3);
        assertThat(new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8))
                .contains("https://vault.example.com", "function");
        assertThat(source.token(soon())).isSameAs(token);
    }

    @Test
    void sendsVaultTheInstancesDocument() throws Exception {
        try (InstanceMetadataEmulator instance =
                InstanceMetadataEmulator.builder(sts, role).start()) {
            ScriptedTransport vault = new ScriptedTransport()
                    .then(200, "{\"auth\":{\"client_token\":\"hvs.n0tf0rl0gs\",\"lease_duration\":60}}")
                    .then(200, "{\"auth\":{\"client_token\":\"hvs.n0tf0rl0gs\",\"lease_duration\":60}}");
            HttpTransport network = platform.directTransport();
            Platform mixed = platform.withTransport(
                    call -> "vault.example.com".equals(call.uri().getHost()) ? vault.send(call) : network.send(call));
            VaultEndpoint endpoint = new VaultEndpoint(
                    VaultConfig.builder()
                            .address(URI.create("https://vault.example.com"))
                            .build(),
                    mixed);
            AwsEc2Options options = AwsEc2Options.of("orders").withMetadataAddress(instance.endpoint());

            new AwsEc2Login(options.withProof(AwsEc2Options.Proof.IDENTITY), mixed).login(endpoint, soon());
            new AwsEc2Login(options, mixed).login(endpoint, soon());

            SecretValue identity =
                    SecretValue.parse(ScriptedTransport.body(vault.call(0)).getBytes(UTF_8));
            assertThat(new String(Base64.getDecoder().decode(identity.text("identity")), UTF_8))
                    .isEqualTo(instance.document());
            assertThat(Base64.getDecoder().decode(identity.text("signature"))).isNotEmpty();
            SecretValue pkcs7 =
                    SecretValue.parse(ScriptedTransport.body(vault.call(1)).getBytes(UTF_8));
            assertThat(new String(
                            Base64.getDecoder().decode(pkcs7.text("pkcs7")),
                            java.nio.charset.StandardCharsets.ISO_8859_1))
                    .contains(instance.instanceId());
        }
    }
}
