package io.github.vaultlambda.benchmarks.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.auth.aws.AwsCredentials;
import io.github.vaultlambda.auth.aws.AwsIamLogin;
import io.github.vaultlambda.auth.aws.AwsIamOptions;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.secrets.SecretOptions;
import io.github.vaultlambda.testkit.TestSecrets;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;

/** A Vault without a network: answers a login and a KV v2 read at once, always the same. */
public final class FakeVault implements HttpTransport {
    /** Of the secret that is asked for; another path is answered the same. */
    public static final String PATH = "secret/data/orders/db";

    private final Reply login =
            reply("{\"request_id\":\"6b0c5f1e\",\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,"
                    + "\"data\":null,\"wrap_info\":null,\"warnings\":null,\"auth\":{\"client_token\":\""
                    + TestSecrets.mint("hvs.")
                    + "\",\"accessor\":\"0e9e354a\",\"policies\":[\"default\",\"orders\"],\"token_policies\":[\"default\",\"orders\"],"
                    + "\"metadata\":{\"role\":\"orders\"},\"lease_duration\":2764800,\"renewable\":true,\"entity_id\":\"7d2e3179\","
                    + "\"token_type\":\"service\",\"orphan\":true}}");
    private final Reply secret =
            reply("{\"request_id\":\"33a6c5ae\",\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,"
                    + "\"data\":{\"data\":{\"user\":\"orders\",\"password\":\"" + TestSecrets.mint("password-")
                    + "\"},\"metadata\":{"
                    + "\"created_time\":\"2026-01-01T00:00:00.000000000Z\",\"custom_metadata\":null,\"deletion_time\":\"\","
                    + "\"destroyed\":false,\"version\":1}},\"wrap_info\":null,\"warnings\":null,\"auth\":null}");

    @Override
    public Reply send(Call call) {
        return call.uri().getPath().endsWith("/login") ? login : secret;
    }

    /** The system's clock and randomness, and this Vault at the end of each connection. */
    public Platform platform() {
        return Platform.system().withTransport(this);
    }

    /** Of a client of this Vault. */
    public static VaultConfig config() {
        return VaultConfig.builder()
                .address(URI.create("http://127.0.0.1:8200"))
                .build();
    }

    /** A value stays fresh for a day: longer than any measurement. */
    public static SecretOptions freshness() {
        return SecretOptions.defaults().withTtl(Duration.ofDays(1));
    }

    static AwsIamOptions options() {
        return AwsIamOptions.of("orders").withIamServerId("vault.example.com");
    }

    /** A login with AWS IAM. */
    public static AwsIamLogin login() {
        return new AwsIamLogin(options(), deadline -> credentials(), InstantSource.system());
    }

    /** What a login is signed with. */
    public static AwsCredentials credentials() {
        return AwsCredentials.of(
                "ASIAIOSFODNN7EXAMPLE",
                TestSecrets.mint("key-"),
                TestSecrets.mint("token-").repeat(10));
    }

    private static Reply reply(String json) {
        return new Reply(200, json.getBytes(UTF_8));
    }
}
