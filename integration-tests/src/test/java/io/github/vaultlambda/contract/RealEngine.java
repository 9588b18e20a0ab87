package io.github.vaultlambda.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;
import org.testcontainers.vault.VaultContainer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/**
 * HashiCorp's Vault and LocalStack's IAM and STS, each in a container. Not Vault's dev mode, which prints its root token and
 * cannot be sealed and unsealed. LocalStack as it ships believes every signature; the hook {@code verify_sts.py} makes it check
 * them.
 */
final class RealEngine implements VaultEngine {
    static final String VAULT_IMAGE = System.getProperty("vaultlambda.vault.image", "hashicorp/vault:1.21");
    static final String LOCALSTACK_IMAGE =
            System.getProperty("vaultlambda.localstack.image", "localstack/localstack:4.14.0");
    private static final String PLUGINS = "/vault/plugins";
    private static final String SERVER_SETTINGS = "{\"storage\": {\"inmem\": {}}, \"disable_mlock\": true,"
            + " \"listener\": [{\"tcp\": {\"address\": \"0.0.0.0:8200\", \"tls_disable\": true}}],"
            + " \"plugin_directory\": \"" + PLUGINS + "\", \"api_addr\": \"http://127.0.0.1:8200\"}";
    private static final String TRUST = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\","
            + " \"Principal\": {\"AWS\": \"*\"}, \"Action\": \"sts:AssumeRole\"}]}";
    private static final Path LOGS = Path.of("target", "container-logs");

    private final Network network = Network.newNetwork();
    private final LocalStackContainer aws = new LocalStackContainer(
                    DockerImageName.parse(LOCALSTACK_IMAGE).asCompatibleSubstituteFor("localstack/localstack"))
            .withNetwork(network)
            .withNetworkAliases("localstack")
            .withServices("sts", "iam")
            .withCopyFileToContainer(
                    MountableFile.forClasspathResource("localstack/verify_sts.py"),
                    "/etc/localstack/init/start.d/verify_sts.py");
    private final VaultContainer<?> vault = vaultContainer(network);
    private final SdkHttpClient http = UrlConnectionHttpClient.create();

    private @Nullable RawVault api;
    private @Nullable IamClient iam;
    private @Nullable StsClient sts;
    private String rootToken = "";
    private String unsealKey = "";

    @SuppressWarnings({"resource", "rawtypes", "unchecked"}) // a container's type refers to itself; closed by close()
    private static VaultContainer<?> vaultContainer(Network network) {
        VaultContainer container =
                new VaultContainer(DockerImageName.parse(VAULT_IMAGE).asCompatibleSubstituteFor("hashicorp/vault"));
        container.withNetwork(network);
        container.withEnv("VAULT_LOCAL_CONFIG", SERVER_SETTINGS);
        // so that the folder is there in an image that has none
        container.withCopyToContainer(Transferable.of("plugins\n"), PLUGINS + "/README");
        container.withCommand("vault", "server", "-config=/vault/config");
        container.waitingFor(Wait.forHttp("/v1/sys/seal-status").forPort(8200).forStatusCode(200));
        return container;
    }

    @Override
    public void start() {
        aws.start();
        vault.start();
        startAws();
        startVault();
    }

    private void startAws() {
        AwsCredentialsProvider admin =
                StaticCredentialsProvider.create(AwsBasicCredentials.create(aws.getAccessKey(), aws.getSecretKey()));
        Region region = Region.of(aws.getRegion());
        iam = IamClient.builder()
                .endpointOverride(aws.getEndpoint())
                .region(region)
                .credentialsProvider(admin)
                .httpClient(http)
                .build();
        sts = StsClient.builder()
                .endpointOverride(aws.getEndpoint())
                .region(region)
                .credentialsProvider(admin)
                .httpClient(http)
                .build();
    }

    private void startVault() {
        RawVault raw = new RawVault(address());
        api = raw;
        JsonNode init = raw.put("sys/init", null, Map.of("secret_shares", 1, "secret_threshold", 1))
                .body();
        rootToken = SecretsLedger.add(init.path("root_token").asText());
        unsealKey = SecretsLedger.add(init.path("keys_base64").path(0).asText());
        unseal();
        if (raw.get("sys/plugins/catalog/auth/aws", rootToken).status() == 404) {
            registerAwsPlugin(raw); // Vault's minimal build; the published one has the method built in
        }
    }

    private void registerAwsPlugin(RawVault raw) {
        String sum = exec("sha256sum", PLUGINS + "/aws").split(" ", 2)[0];
        raw.put("sys/plugins/catalog/auth/aws", rootToken, Map.of("sha256", sum, "command", "aws"));
    }

    private String exec(String... command) {
        try {
            return vault.execInContainer(command).getStdout();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public URI address() {
        return URI.create(vault.getHttpHostAddress());
    }

    @Override
    public String rootToken() {
        return rootToken;
    }

    @Override
    public String stsEndpointForVault() {
        return "http://localstack:4566";
    }

    @Override
    public URI stsAddress() {
        return aws.getEndpoint();
    }

    @Override
    public String roleArn(String roleName) {
        IamClient client = started(iam);
        try {
            return client.createRole(r -> r.roleName(roleName).assumeRolePolicyDocument(TRUST))
                    .role()
                    .arn();
        } catch (EntityAlreadyExistsException e) {
            return client.getRole(r -> r.roleName(roleName)).role().arn();
        }
    }

    @Override
    public AwsIdentity sessionOf(String roleName) {
        String arn = roleArn(roleName);
        Credentials session = started(sts)
                .assumeRole(r -> r.roleArn(arn).roleSessionName("test-session"))
                .credentials();
        return new AwsIdentity(session.accessKeyId(), session.secretAccessKey(), session.sessionToken());
    }

    @Override
    public void seal() {
        started(api).put("sys/seal", rootToken, Map.of());
    }

    @Override
    public void unseal() {
        RawVault raw = started(api);
        raw.put("sys/unseal", null, Map.of("key", unsealKey));
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (raw.get("sys/health", null).status() != 200) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Vault stays sealed or in standby");
            }
            pause();
        }
    }

    @Override
    public void close() {
        saveLog(vault, "vault.log");
        saveLog(aws, "localstack.log");
        vault.stop();
        aws.stop();
        network.close();
        if (iam != null) {
            iam.close();
        }
        if (sts != null) {
            sts.close();
        }
        http.close();
    }

    private static void saveLog(GenericContainer<?> container, String name) {
        if (container.getContainerId() == null) {
            return; // it never started
        }
        try {
            Files.createDirectories(LOGS);
            Files.writeString(LOGS.resolve(name), container.getLogs());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("start() comes first");
        }
        return part;
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
