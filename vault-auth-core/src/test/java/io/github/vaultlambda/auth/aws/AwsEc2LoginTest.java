package io.github.vaultlambda.auth.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.fakes.Said;
import io.github.vaultlambda.fakes.ScriptedTransport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsEc2LoginTest {
    private static final String ACCEPTED = "{\"auth\":{\"client_token\":\"hvs.n0tf0rl0gs\",\"accessor\":\"accessor-1\","
            + "\"lease_duration\":3600,\"metadata\":{\"nonce\":\"n0tf0rl0gs-vaults\"}}}";
    private static final AwsEc2Options OPTIONS = AwsEc2Options.of("orders");

    private final FakeClock clock = new FakeClock();
    private final ScriptedTransport network = new ScriptedTransport();

    @TempDir
    Path folder;

    private VaultEndpoint endpoint() {
        URI address = URI.create("https://vault.example.com");
        return new VaultEndpoint(VaultConfig.builder().address(address).build(), network.platform(clock));
    }

    private VaultToken login(AwsEc2Login login) {
        VaultEndpoint endpoint = endpoint();
        return login.login(endpoint, endpoint.deadlineIn(Duration.ofSeconds(9)));
    }

    private AwsEc2Login with(AwsEc2Options options) {
        return new AwsEc2Login(options, network.platform(clock));
    }

    private ScriptedTransport metadata(String... answers) {
        network.then(200, "n0tf0rl0gs-imds");
        for (String answer : answers) {
            network.then(200, answer);
        }
        return network;
    }

    private SecretValue body(int call) throws IOException {
        return SecretValue.parse(ScriptedTransport.body(network.call(call)).getBytes(UTF_8));
    }

    private static String errors(String text) {
        return SecretValue.of(Map.of("errors", SecretValue.of(List.of(SecretValue.of(text)))))
                .revealJson();
    }

    @Test
    void sendsThePkcs7DocumentOnOneLine() throws IOException {
        metadata("MIAG\nCSqG\r\nSIb3\n").then(200, ACCEPTED);

        VaultToken token = login(with(OPTIONS.withMount("team/aws").withNonce("n0tf0rl0gs-nonce")));

        assertThat(token.accessor()).isEqualTo("accessor-1");
        assertThat(network.calls())
                .extracting(Object::toString)
                .containsExactly(
                        "PUT http://169.254.169.254/latest/api/token",
                        "GET http://169.254.169.254/latest/dynamic/instance-identity/pkcs7",
                        "PUT https://vault.example.com/v1/auth/team/aws/login");
        assertThat(body(2).fields())
                .containsOnly(
                        Map.entry("role", SecretValue.of("orders")),
                        Map.entry("nonce", SecretValue.of("n0tf0rl0gs-nonce")),
                        Map.entry("pkcs7", SecretValue.of("MIAGCSqGSIb3")));
    }

    @Test
    void sendsTheDocumentAndItsSignature() throws IOException {
        metadata("{\n  \"instanceId\" : \"i-1\"\n}", "AAA\nBBB=").then(200, ACCEPTED);

        login(with(OPTIONS.withProof(AwsEc2Options.Proof.IDENTITY)));

        assertThat(network.calls())
                .extracting(Object::toString)
                .contains(
                        "GET http://169.254.169.254/latest/dynamic/instance-identity/document",
                        "GET http://169.254.169.254/latest/dynamic/instance-identity/signature");
        SecretValue body = body(3);
        assertThat(body.fields().keySet()).containsExactlyInAnyOrder("role", "nonce", "identity", "signature");
        assertThat(new String(Base64.getDecoder().decode(body.text("identity")), UTF_8))
                .isEqualTo("{\n  \"instanceId\" : \"i-1\"\n}");
        assertThat(body.text("signature")).isEqualTo("AAABBB=");
    }

    @Test
    void fetchesTheDocumentAnewAndKeepsItsNonce() throws IOException {
        metadata("one").then(200, ACCEPTED);
        metadata("two").then(200, ACCEPTED);
        AwsEc2Login login = with(OPTIONS);

        login(login);
        login.forget();
        login(login);

        assertThat(body(2).text("pkcs7")).isEqualTo("one");
        assertThat(body(5).text("pkcs7")).isEqualTo("two");
        assertThat(body(2).text("nonce")).hasSizeGreaterThan(30).isEqualTo(body(5).text("nonce"));
    }

    @Test
    void aLoginWhoseAnswerIsLostIsRepeatedWithTheSameNonce() throws IOException {
        metadata("one").thenFail(new IOException("reset")).then(200, ACCEPTED);

        login(with(OPTIONS));

        assertThat(body(3).text("nonce")).isEqualTo(body(2).text("nonce"));
    }

    @Test
    void theNonceFileOutlivesTheProcess() throws IOException {
        Path file = folder.resolve("state/nonce");
        metadata("one").then(200, ACCEPTED);
        metadata("two").then(200, ACCEPTED);

        login(with(OPTIONS.withNonceFile(file)));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        login(with(OPTIONS.withNonceFile(file)));

        assertThat(body(2).text("nonce")).isEqualTo(Files.readString(file)).isEqualTo(body(5).text("nonce"));
        try (var files = Files.list(folder.resolve("state"))) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aNonceFileThatCannotBeWrittenDoesNotStopTheLogin() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x").resolve("nonce");
        metadata("one").then(200, ACCEPTED);

        assertThat(login(with(OPTIONS.withNonceFile(file))).accessor()).isEqualTo("accessor-1");
    }

    @Test
    void anEmptyNonceFileIsAFailedLogin() throws IOException {
        Path file = Files.writeString(folder.resolve("nonce"), "\n");
        metadata("one");

        assertThatThrownBy(() -> login(with(OPTIONS.withNonceFile(file))))
                .isInstanceOf(VaultLoginException.class)
                .hasMessageContaining("holds no nonce");
    }

    @Test
    void elsewhereThanOnAnInstance() {
        network.otherwise(call -> {
            throw new ConnectException("no route");
        });

        assertThatThrownBy(() -> login(with(OPTIONS)))
                .isInstanceOf(AwsUnavailableException.class)
                .hasMessageStartingWith("No login of role orders at auth/aws (AWS EC2): EC2's instance metadata at"
                        + " http://169.254.169.254 did not answer");
    }

    // ------------------------------------------------------------------ refusals, in the words of Vault 1.21

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "client nonce mismatch|VaultLoginException|VAULT_AUTH_EC2_NONCE_FILE to keep the one of its first login, or"
                        + " delete auth/aws/identity-accesslist/<instance id> in Vault",
                "client nonce mismatch and instance meta-data incorrect|VaultLoginException|another nonce",
                "reauthentication is disabled|VaultLoginException|lets an instance log in once (disallow_reauthentication)",
                "instance meta-data is older than the one used for previous login|VaultLoginException|that of now",
                "entry for role \"orders\" not found|RoleNotBoundException|set VAULT_AUTH_ROLE to a role that exists in"
                        + " auth/aws/role",
                "auth method ec2 not allowed for role orders|VaultLoginException|has auth_type iam",
                "failed to verify instance ID: error fetching description|VaultLoginException|ec2:DescribeInstances",
                "failed to verify the instance identity document using pkcs7|VaultLoginException|config/certificate",
                "Error validating instance: AMI ID \"ami-1\" does not belong to role \"orders\"|RoleNotBoundException"
                        + "|add it to the bound_ami_id of auth/aws/role/orders",
                "Error validating instance: account ID \"1\" does not belong to role \"orders\"|RoleNotBoundException"
                        + "|bound_account_id",
                "Error validating instance: instance ID \"i-1\" does not belong to the role \"orders\""
                        + "|RoleNotBoundException|bound_ec2_instance_id",
                "Region \"eu-west-1\" does not satisfy the constraint on role \"orders\"|RoleNotBoundException|bound_region",
                "Error validating instance: subnet ID \"s\" does not satisfy the constraint on role \"orders\""
                        + "|RoleNotBoundException|bound_subnet_id",
                "Error validating instance: VPC ID \"v\" does not satisfy the constraint on role \"orders\""
                        + "|RoleNotBoundException|bound_vpc_id",
                "Error validating instance: IAM instance profile ARN \"a\" does not satisfy the constraint role \"orders\""
                        + "|RoleNotBoundException|bound_iam_instance_profile_arn",
                "Error validating instance: IAM role ARN \"a\" does not satisfy the constraint role \"orders\""
                        + "|RoleNotBoundException|bound_iam_role_arn",
                "missing instance identity document|VaultLoginException|",
            })
    void tellsRefusalsApart(String text, String type, @Nullable String hint) {
        metadata("n0tf0rl0gs-document").then(400, errors(text));

        VaultLoginException e = catchThrowableOfType(VaultLoginException.class, () -> login(with(OPTIONS)));

        assertThat(e.getClass().getSimpleName()).isEqualTo(type);
        assertThat(e)
                .hasMessageStartingWith(
                        "Vault refused the login of role orders at auth/aws (AWS EC2) with 400: " + text);
        assertThat(e.mount()).isEqualTo("auth/aws");
        if (hint == null) {
            assertThat(e.hint()).isNull();
        } else {
            assertThat(e.hint()).contains(hint);
        }
        assertThat(Said.by(e)).doesNotContain("n0tf0rl0gs");
    }

    @Test
    void aRefusalWithoutWordsHintsAtTheMount() {
        metadata("one").then(403, errors("permission denied"));

        assertThatThrownBy(() -> login(with(OPTIONS)))
                .hasMessageContaining("check that VAULT_AUTH_PROVIDER is the path");
    }

    // ------------------------------------------------------------------ options

    private static AwsEc2Options read(String... variables) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        AwsEc2Options options = AwsEc2Options.read(settings);
        settings.rejectFaults();
        return options;
    }

    @Test
    void readsItsVariables() {
        AwsEc2Options options = read(
                "VAULT_AUTH_ROLE", "orders",
                "VAULT_AUTH_PROVIDER", "/team/aws/",
                "VAULT_AUTH_EC2_NONCE", "n0tf0rl0gs",
                "VAULT_AUTH_EC2_NONCE_FILE", "/var/lib/nonce",
                "VAULT_AUTH_EC2_PROOF", "Identity",
                "AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1338");

        assertThat(options.role()).isEqualTo("orders");
        assertThat(options.mount()).isEqualTo("team/aws");
        assertThat(options.nonce()).isEqualTo(SecretValue.of("n0tf0rl0gs"));
        assertThat(options.nonceFile()).isEqualTo(Path.of("/var/lib/nonce"));
        assertThat(options.proof()).isEqualTo(AwsEc2Options.Proof.IDENTITY);
        assertThat(options.metadataAddress()).isEqualTo(URI.create("http://127.0.0.1:1338"));
        assertThat(options).hasToString("role orders at auth/team/aws (AWS EC2)");
        assertThat(with(options).describe()).isEqualTo(options.toString());
    }

    @Test
    void defaults() {
        AwsEc2Options options = read("VAULT_AUTH_ROLE", "orders");

        assertThat(options.mount()).isEqualTo("aws");
        assertThat(options.nonce()).isNull();
        assertThat(options.nonceFile()).isNull();
        assertThat(options.proof()).isEqualTo(AwsEc2Options.Proof.PKCS7);
    }

    @Test
    void namesAllThatIsWrong() {
        assertThatThrownBy(() -> read("VAULT_AUTH_EC2_PROOF", "pem", "VAULT_AUTH_EC2_NONCE", "n0tf0rl0gs".repeat(13)))
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("3 faults")
                .hasMessageContaining("VAULT_AUTH_ROLE is missing")
                .hasMessageContaining("VAULT_AUTH_EC2_PROOF is \"pem\": write pkcs7 or identity")
                .hasMessageContaining("VAULT_AUTH_EC2_NONCE (value not shown) is longer than 128 characters")
                .hasMessageNotContaining("n0tf0rl0gs");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 129})
    void aNonceHasALength(int length) {
        assertThatThrownBy(() -> OPTIONS.withNonce("x".repeat(length))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void forgettingClosesTheConnectionsToTheHost() {
        with(OPTIONS).forget();

        assertThat(network.closings()).isEqualTo(1);
    }
}
