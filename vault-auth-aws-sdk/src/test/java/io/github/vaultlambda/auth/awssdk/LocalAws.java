package io.github.vaultlambda.auth.awssdk;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.aws.AwsCredentialsSource;
import io.github.vaultlambda.auth.aws.AwsIamLogin;
import io.github.vaultlambda.auth.aws.AwsIamOptions;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.testkit.AwsRole;
import io.github.vaultlambda.testkit.StsEmulator;
import io.github.vaultlambda.testkit.TestCredentials;
import io.github.vaultlambda.testkit.VaultStandIn;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;

/** An STS, and a Vault whose role {@code orders} is bound to one IAM role. */
final class LocalAws implements AutoCloseable {
    final StsEmulator sts = StsEmulator.start();
    final String functionRole = sts.createRole("function");
    final String vaultRole = sts.createRole("vault-reader");
    private final VaultStandIn vault = VaultStandIn.start();

    LocalAws() {
        vault.enableAwsAuth("aws", sts, null);
    }

    /** Binds Vault's role to this one. */
    LocalAws boundTo(String roleArn) {
        vault.awsRole("aws", AwsRole.named("orders").boundTo(roleArn).build());
        return this;
    }

    /** A session of Vault that logs in with these credentials. */
    VaultSession session(AwsCredentialsSource credentials) {
        VaultConfig config = VaultConfig.builder().address(vault.address()).build();
        Platform platform = Platform.system();
        return VaultSession.of(
                config, new AwsIamLogin(AwsIamOptions.of("orders"), credentials, platform.clock()), platform);
    }

    /** The SDK's STS client with a session of the function's role, talking to the emulator. */
    StsClient client() {
        return client(sts.issueSession(functionRole), sts.endpoint());
    }

    static StsClient client(TestCredentials credentials, URI endpoint) {
        return StsClient.builder()
                .credentialsProvider(StaticCredentialsProvider.create(sdk(credentials)))
                .endpointOverride(endpoint)
                .httpClient(UrlConnectionHttpClient.create())
                .region(Region.US_EAST_1)
                .build();
    }

    /** As the SDK's own kind. */
    static AwsCredentials sdk(TestCredentials credentials) {
        return AwsSessionCredentials.builder()
                .accessKeyId(credentials.accessKeyId())
                .secretAccessKey(credentials.secretAccessKey())
                .sessionToken(credentials.sessionToken())
                .expirationTime(credentials.expiration())
                .build();
    }

    long assumptions() {
        return sts.calls().stream()
                .filter(call -> call.action().equals("AssumeRole"))
                .count();
    }

    static Deadline soon() {
        return Deadline.after(InstantSource.system(), Duration.ofSeconds(20));
    }

    @Override
    public void close() {
        vault.close();
        sts.close();
    }
}
