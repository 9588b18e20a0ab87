package io.github.vaultlambda.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vaultlambda.testkit.TestCertificate;
import io.github.vaultlambda.testkit.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.lifecycle.Startables;
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
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/**
 * HashiCorp's Vault, LocalStack's IAM and STS, and PostgreSQL, each in a container. Not Vault's dev mode, which prints its root token and
 * cannot be sealed and unsealed. LocalStack as it ships believes every signature; the hook {@code verify_sts.py} makes it check
 * them.
 */
final class RealEngine implements VaultEngine {
    static final String VAULT_IMAGE = System.getProperty("vaultlambda.vault.image", "hashicorp/vault:1.21");
    static final String LOCALSTACK_IMAGE =
            System.getProperty("vaultlambda.localstack.image", "localstack/localstack:4.14.0");
    /** Vault's name in the network of the containers, where it listens on port 8200. */
    static final String HOST = "vault";

    private static final String PLUGINS = "/vault/plugins";
    private static final String CERTIFICATES = "/vault/tls/";
    private static final String SERVER_SETTINGS = "{\"storage\": {\"inmem\": {}}, \"disable_mlock\": true,"
            + " \"listener\": [{\"tcp\": {\"address\": \"0.0.0.0:8200\", \"tls_disable\": true}},"
            + tls(Door.TLS, "") + ","
            + tls(
                    Door.CLIENT_CERTIFICATE,
                    ", \"tls_require_and_verify_client_cert\": true, \"tls_client_ca_file\": \"" + CERTIFICATES
                            + "authority.pem\"")
            + "," + tls(Door.OTHER_HOST, "") + "],"
            + " \"plugin_directory\": \"" + PLUGINS + "\", \"api_addr\": \"http://127.0.0.1:8200\"}";
    private static final String TRUST = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\","
            + " \"Principal\": {\"AWS\": \"*\"}, \"Action\": \"sts:AssumeRole\"}]}";
    private static final Pattern INSTANCE_ID = Pattern.compile("<instanceId>([^<]+)</instanceId>");
    private static final Path LOGS = Path.of("target", "container-logs");

    private final Network network = Network.newNetwork();
    private final LocalStackContainer aws = new LocalStackContainer(
                    DockerImageName.parse(LOCALSTACK_IMAGE).asCompatibleSubstituteFor("localstack/localstack"))
            .withNetwork(network)
            .withNetworkAliases("localstack")
            .withServices("sts", "iam", "ec2")
            .withCopyFileToContainer(
                    MountableFile.forClasspathResource("localstack/verify_sts.py"),
                    "/etc/localstack/init/start.d/verify_sts.py");
    private final VaultContainer<?> vault = vaultContainer(network);
    private final PostgresServer database = new PostgresServer(network);
    private final Map<Door, URI> doors = new EnumMap<>(Door.class);
    private final SdkHttpClient http = UrlConnectionHttpClient.create();

    private @Nullable RawVault api;
    private @Nullable IamClient iam;
    private @Nullable StsClient sts;
    private String rootToken = "";
    private String unsealKey = "";

    private static int port(Door door) {
        return switch (door) { // not 8201, which Vault itself takes for its cluster
            case PLAIN -> 8200;
            case TLS -> 8300;
            case CLIENT_CERTIFICATE -> 8400;
            case OTHER_HOST -> 8500;
        };
    }

    private static String tls(Door door, String more) {
        String name = CERTIFICATES + door.name();
        return " {\"tcp\": {\"address\": \"0.0.0.0:" + port(door) + "\", \"tls_cert_file\": \"" + name
                + ".pem\", \"tls_key_file\": \"" + name + ".key\"" + more + "}}";
    }

    @SuppressWarnings({"resource", "rawtypes", "unchecked"}) // a container's type refers to itself; closed by close()
    private static VaultContainer<?> vaultContainer(Network network) {
        VaultContainer container =
                new VaultContainer(DockerImageName.parse(VAULT_IMAGE).asCompatibleSubstituteFor("hashicorp/vault"));
        container.withNetwork(network);
        container.withNetworkAliases(HOST);
        for (Door door : Door.values()) {
            if (door != Door.PLAIN) {
                container.addExposedPort(port(door));
            }
        }
        container.withEnv("VAULT_LOCAL_CONFIG", SERVER_SETTINGS);
        // so that the folder is there in an image that has none
        container.withCopyToContainer(Transferable.of("plugins\n"), PLUGINS + "/README");
        container.withCommand("vault", "server", "-config=/vault/config");
        container.waitingFor(Wait.forHttp("/v1/sys/seal-status").forPort(8200).forStatusCode(200));
        return container;
    }

    @Override
    public void start(TestCertificates authority) {
        place("authority.pem", authority.rootPem());
        place(Door.TLS, authority.server());
        place(Door.CLIENT_CERTIFICATE, authority.server());
        place(Door.OTHER_HOST, authority.wrongHostServer());
        Startables.deepStart(aws, vault, database.container()).join();
        for (Door door : Door.values()) {
            doors.put(
                    door,
                    URI.create((door == Door.PLAIN ? "http" : "https") + "://" + vault.getHost() + ":"
                            + vault.getMappedPort(port(door))));
        }
        startAws();
        startVault();
    }

    private void place(Door door, TestCertificate certificate) {
        place(door.name() + ".pem", certificate.chainPem());
        place(door.name() + ".key", certificate.privateKeyPem());
    }

    private void place(String name, String pem) {
        vault.withCopyToContainer(Transferable.of(pem), CERTIFICATES + name);
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
        registerPlugin(raw, "auth", "aws");
        registerPlugin(raw, "auth", "kubernetes");
        registerPlugin(raw, "database", "postgresql-database-plugin");
    }

    /** In Vault's minimal build these auth methods and databases are plugins; the published one has them built in. */
    private void registerPlugin(RawVault raw, String type, String name) {
        String entry = "sys/plugins/catalog/" + type + "/" + name;
        if (raw.get(entry, rootToken).status() == 404) {
            String sum = exec("sha256sum", PLUGINS + "/" + name).split(" ", 2)[0];
            raw.put(entry, rootToken, Map.of("sha256", sum, "command", name));
        }
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
    public URI address(Door door) {
        return started(doors.get(door));
    }

    /** The gateway of the containers' network, where that is an address of this machine: with a remote engine it is not. */
    @Override
    public @Nullable String thisHost() {
        String gateway = DockerClientFactory.instance()
                .client()
                .inspectNetworkCmd()
                .withNetworkId(network.getId())
                .exec()
                .getIpam()
                .getConfig()
                .get(0)
                .getGateway();
        try {
            return gateway != null && NetworkInterface.getByInetAddress(InetAddress.getByName(gateway)) != null
                    ? gateway
                    : null;
        } catch (IOException e) {
            return null;
        }
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
    public String ec2EndpointForVault() {
        return "http://localstack:4566";
    }

    @Override
    public AwsIdentity keyForVault() {
        IamClient client = started(iam);
        client.createUser(user -> user.userName("vault"));
        AccessKey key = client.createAccessKey(user -> user.userName("vault")).accessKey();
        return new AwsIdentity(key.accessKeyId(), key.secretAccessKey(), null);
    }

    @Override
    public String runInstance(String image) {
        String form = "Action=RunInstances&Version=2016-11-15&MinCount=1&MaxCount=1&ImageId=" + image;
        HttpRequest request = HttpRequest.newBuilder(aws.getEndpoint())
                .header("Content-Type", "application/x-www-form-urlencoded")
                // by this LocalStack knows the service; it checks signatures of sts:GetCallerIdentity alone
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ec2/aws4_request,"
                                + " SignedHeaders=host, Signature=none")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        try {
            String answer = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
            Matcher id = INSTANCE_ID.matcher(answer);
            if (!id.find()) {
                throw new IllegalStateException("LocalStack started no instance: " + answer);
            }
            return id.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public DatabaseServer database() {
        return database;
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
        saveLog(database.container(), "postgres.log");
        vault.stop();
        aws.stop();
        database.container().stop();
        network.close();
        if (iam != null) {
            iam.close();
        }
        if (sts != null) {
            sts.close();
        }
        http.close();
    }

    /** The network of the containers. */
    Network network() {
        return network;
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
