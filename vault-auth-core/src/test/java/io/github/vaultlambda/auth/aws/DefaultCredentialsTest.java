package io.github.vaultlambda.auth.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.fakes.AwsAnswers;
import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.fakes.Said;
import io.github.vaultlambda.fakes.ScriptedTransport;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefaultCredentialsTest {
    private static final String ANSWER =
            "{\"RoleArn\":\"arn:aws:iam::123456789012:role/fn\",\"AccessKeyId\":\"ASIAHOST\","
                    + "\"SecretAccessKey\":\"n0tf0rl0gs-host\",\"Token\":\"n0tf0rl0gs-host-session==\","
                    + "\"Expiration\":\"2026-03-01T13:00:00Z\"}";

    private final FakeClock clock = new FakeClock();
    private final ScriptedTransport network = new ScriptedTransport();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path folder;

    private DefaultCredentialsTest with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    private AwsCredentialsSource source() {
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        AwsCredentialsSource source = DefaultCredentials.read(settings, network.platform(clock));
        settings.rejectFaults();
        return source;
    }

    private Deadline soon() {
        return Deadline.after(clock, Duration.ofSeconds(9));
    }

    private AwsCredentials credentials() {
        return source().credentials(soon());
    }

    private String file(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content).toString();
    }

    private Throwable failure() {
        Throwable failure = catchThrowable(this::credentials);
        assertThat(Said.by(failure)).doesNotContain("n0tf0rl0gs");
        return failure;
    }

    private DefaultCredentialsTest withKeys() {
        return with("AWS_ACCESS_KEY_ID", "ASIAENV").with("AWS_SECRET_ACCESS_KEY", "n0tf0rl0gs-env");
    }

    // ------------------------------------------------------------------ the choice

    @Test
    void theVariablesComeFirst() {
        withKeys().with("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x").with("AWS_WEB_IDENTITY_TOKEN_FILE", "/x");

        assertThat(credentials().accessKeyId()).isEqualTo("ASIAENV");
        assertThat(network.calls()).isEmpty();
    }

    @Test
    void afterARestoreTheContainerEndpointComesFirst() {
        withKeys()
                .with("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
                .with("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:9001/2026/credentials")
                .with("AWS_CONTAINER_AUTHORIZATION_TOKEN", "n0tf0rl0gs-token");
        network.then(200, ANSWER);

        assertThat(credentials().accessKeyId()).isEqualTo("ASIAHOST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"on-demand", "provisioned-concurrency", "snap-start"})
    void withoutAContainerEndpointTheVariablesServe(String type) {
        assertThat(withKeys()
                        .with("AWS_LAMBDA_INITIALIZATION_TYPE", type)
                        .credentials()
                        .accessKeyId())
                .isEqualTo("ASIAENV");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_RUNTIME_API"})
    void onLambdaNothingElseIsLookedFor(String variable) throws IOException {
        file(".aws/credentials", "[default]\naws_access_key_id = AKIA\naws_secret_access_key = n0tf0rl0gs\n");
        with("HOME", folder.toString()).with(variable, "orders");

        assertThatThrownBy(this::source)
                .isInstanceOf(VaultConfigException.class)
                .hasMessage(
                        "Vault configuration has 2 faults: (1) AWS_ACCESS_KEY_ID is missing: Lambda sets it from the"
                                + " function's role; elsewhere set it by hand (2) AWS_SECRET_ACCESS_KEY is missing: Lambda sets it"
                                + " from the function's role; elsewhere set it by hand");
    }

    @Test
    void halfOfAKeyIsAFault() {
        with("AWS_ACCESS_KEY_ID", "AKIA").with("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");

        assertThatThrownBy(this::source).hasMessageContaining("AWS_SECRET_ACCESS_KEY is missing");
    }

    @Test
    void whenThereIsNothingItSaysWhatWasLookedFor() {
        with("AWS_EC2_METADATA_DISABLED", "true").with("HOME", folder.toString());

        assertThatThrownBy(this::source)
                .isInstanceOf(VaultConfigException.class)
                .hasMessage("Vault configuration has 1 fault: (1) no AWS credentials: nothing in AWS_ACCESS_KEY_ID,"
                        + " AWS_CONTAINER_CREDENTIALS_FULL_URI, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,"
                        + " AWS_WEB_IDENTITY_TOKEN_FILE, " + folder.resolve(".aws/credentials") + " or "
                        + folder.resolve(".aws/config")
                        + ", and AWS_EC2_METADATA_DISABLED is true: set AWS_ACCESS_KEY_ID and"
                        + " AWS_SECRET_ACCESS_KEY, or one of the others");
    }

    // ------------------------------------------------------------------ the container's endpoint

    @Test
    void asksTheContainerEndpointAndKeepsTheAnswer() {
        with("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/n0tf0rl0gs-id?a=b");
        network.then(200, ANSWER);
        AwsCredentialsSource source = source();

        AwsCredentials credentials = source.credentials(soon());

        assertThat(credentials)
                .isEqualTo(new AwsCredentials(
                        "ASIAHOST",
                        SecretValue.of("n0tf0rl0gs-host"),
                        SecretValue.of("n0tf0rl0gs-host-session=="),
                        Instant.parse("2026-03-01T13:00:00Z")));
        assertThat(source.credentials(soon())).isSameAs(credentials);
        assertThat(network.calls()).hasSize(1);
        assertThat(network.call(0)).hasToString("GET http://169.254.170.2/v2/credentials/n0tf0rl0gs-id?a=b");
        assertThat(network.call(0).headers()).containsOnly(Map.entry("Accept", "application/json"));
        assertThat(network.call(0).timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(source.toString()).isEqualTo("the container credentials endpoint at http://169.254.170.2");
    }

    @Test
    void afterForgettingItAsksAgain() {
        with("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
        network.then(200, ANSWER).then(200, ANSWER.replace("ASIAHOST", "ASIANEXT"));
        AwsCredentialsSource source = source();
        source.credentials(soon());

        source.forget();

        assertThat(source.credentials(soon()).accessKeyId()).isEqualTo("ASIANEXT");
    }

    @Test
    void theRelativeAddressComesBeforeTheFullOne() {
        with("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")
                .with("AWS_CONTAINER_CREDENTIALS_FULL_URI", "https://elsewhere.example.com/");
        network.then(200, ANSWER);

        credentials();

        assertThat(network.call(0)).hasToString("GET http://169.254.170.2/x");
    }

    @Test
    void theTokenFileIsReadEachTimeAndComesBeforeTheToken() throws IOException {
        String file = file("token", "n0tf0rl0gs-first\n");
        with("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials")
                .with("AWS_CONTAINER_AUTHORIZATION_TOKEN", "n0tf0rl0gs-other")
                .with("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file);
        network.then(200, ANSWER).then(200, ANSWER);
        AwsCredentialsSource source = source();

        source.credentials(soon());
        file("token", "n0tf0rl0gs-second");
        clock.advance(Duration.ofHours(1));
        source.credentials(soon());

        assertThat(network.call(0).headers()).containsEntry("Authorization", "n0tf0rl0gs-first");
        assertThat(network.call(1).headers()).containsEntry("Authorization", "n0tf0rl0gs-second");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:9001/c",
                "http://127.0.0.1/c",
                "http://127.1.2.3:80/c",
                "http://[::1]:9001/c",
                "http://169.254.170.2/c",
                "http://169.254.170.23/v1/credentials",
                "http://[fd00:ec2::23]/v1/credentials",
                "https://anything.example.com/c",
                "HTTPS://10.0.0.1/c",
            })
    void addressesThatCredentialsAreTakenFrom(String address) {
        with("AWS_CONTAINER_CREDENTIALS_FULL_URI", address);
        network.then(200, ANSWER);

        assertThat(credentials().accessKeyId()).isEqualTo("ASIAHOST");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/n0tf0rl0gs",
                "http://169.254.169.254/n0tf0rl0gs",
                "http://10.0.0.1/n0tf0rl0gs",
                "http://127.example.com/n0tf0rl0gs",
                "http://127.0.0.1.example.com/n0tf0rl0gs",
                "http://localhost.example.com/n0tf0rl0gs",
                "http://[fe80::1]/n0tf0rl0gs",
                "http://user@127.0.0.1/n0tf0rl0gs",
                "ftp://127.0.0.1/n0tf0rl0gs",
                "n0tf0rl0gs",
                "http://n0tf0rl0gs space",
            })
    void addressesThatAreFaults(String address) {
        with("AWS_CONTAINER_CREDENTIALS_FULL_URI", address);

        assertThat(failure())
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("1 fault: (1) AWS_CONTAINER_CREDENTIALS_FULL_URI ");
    }

    @ParameterizedTest
    @CsvSource({
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, n0tf0rl0gs",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, .evil.example.com/n0tf0rl0gs",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, /n0tf0rl0gs space",
    })
    void relativeAddressesThatAreFaults(String name, String value) {
        with(name, value);

        assertThat(failure()).isInstanceOf(VaultConfigException.class).hasMessageContaining(name);
    }

    @Test
    void aTokenOfTwoLinesIsAFault() {
        with("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")
                .with("AWS_CONTAINER_AUTHORIZATION_TOKEN", "n0tf0rl0gs\r\nHost: evil");

        assertThat(failure()).hasMessageContaining("AWS_CONTAINER_AUTHORIZATION_TOKEN (value not shown)");
    }

    @Test
    void aTokenFileOfTwoLinesOrNoneIsAFailedLogin() throws IOException {
        with("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")
                .with("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file("token", "n0tf0rl0gs\nHost: evil"));
        assertThat(failure()).isInstanceOf(VaultLoginException.class).hasMessageContaining("line break");

        with("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", folder.resolve("absent").toString());
        assertThat(failure()).isInstanceOf(VaultLoginException.class).hasMessageContaining("cannot be read");
        assertThat(network.calls()).isEmpty();
    }

    @Test
    void aRefusalOfTheContainerEndpointIsToldWithoutItsPath() {
        with("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:9001/n0tf0rl0gs");
        network.then(401, "{\"code\":\"n0tf0rl0gs\"}");

        assertThat(failure())
                .isInstanceOf(VaultLoginException.class)
                .hasMessage(
                        "No AWS credentials: the container credentials endpoint at http://127.0.0.1:9001 answered 401."
                                + " Hint: check AWS_CONTAINER_AUTHORIZATION_TOKEN or AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, and that the"
                                + " function or task has a role");
    }

    @Test
    void aSickContainerEndpointIsTriedThreeTimes() {
        with("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
        network.then(500, "").then(429, "").then(503, "n0tf0rl0gs");

        assertThat(failure()).isInstanceOf(AwsUnavailableException.class).hasMessageEndingWith("answered 503");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n0tf0rl0gs",
                "[]",
                "{}",
                "\"n0tf0rl0gs\"",
                "{\"AccessKeyId\":\"A\"}",
                "{\"AccessKeyId\":\"\",\"SecretAccessKey\":\"n0tf0rl0gs\"}",
                "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":{\"n0tf0rl0gs\":1}}",
                "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"n0tf0rl0gs\",\"Expiration\":\"n0tf0rl0gs\"}",
            })
    void garbageIsNoCredentials(String answer) {
        with("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
        network.then(200, answer);

        assertThat(failure())
                .isInstanceOf(VaultLoginException.class)
                .hasMessageStartingWith(
                        "The answer of the container credentials endpoint at http://169.254.170.2 holds no AWS"
                                + " credentials: ");
    }

    // ------------------------------------------------------------------ web identity

    @Test
    void assumesARoleWithTheTokenInAFile() throws IOException {
        with("AWS_WEB_IDENTITY_TOKEN_FILE", file("token", "n0tf0rl0gs.jwt\n"))
                .with("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/pod")
                .with("AWS_REGION", "eu-west-1");
        network.then(200, AwsAnswers.assumedRole("2026-03-01T13:00:00Z"));
        AwsCredentialsSource source = source();

        assertThat(source.credentials(soon()).accessKeyId()).isEqualTo("ASIAASSUMED");
        source.credentials(soon());

        assertThat(network.calls()).hasSize(1);
        assertThat(network.call(0)).hasToString("POST https://sts.eu-west-1.amazonaws.com/");
        assertThat(network.call(0).headers())
                .containsOnly(Map.entry("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"));
        assertThat(ScriptedTransport.body(network.call(0)))
                .isEqualTo("Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fpod"
                        + "&RoleSessionName=vault_auth&WebIdentityToken=n0tf0rl0gs.jwt&Version=2011-06-15");
        assertThat(source).hasToString("WebIdentityCredentials[arn:aws:iam::123456789012:role/pod]");
    }

    @Test
    void aTokenFileWithoutRoleIsAFault() {
        with("AWS_WEB_IDENTITY_TOKEN_FILE", "/x");

        assertThat(failure()).isInstanceOf(VaultConfigException.class).hasMessageContaining("AWS_ROLE_ARN is missing");
    }

    @Test
    void aRefusedTokenIsTold() throws IOException {
        with("AWS_WEB_IDENTITY_TOKEN_FILE", file("token", "n0tf0rl0gs.jwt"))
                .with("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/pod")
                .with("AWS_ROLE_SESSION_NAME", "pod-1");
        network.then(
                400,
                "<Error><Code>InvalidIdentityToken</Code><Message>No OpenIDConnect provider found</Message></Error>");

        assertThat(failure())
                .isInstanceOf(VaultLoginException.class)
                .hasMessageContaining(
                        "STS answered 400 InvalidIdentityToken: No OpenIDConnect provider found. Hint: the role"
                                + " must trust the issuer");
        assertThat(ScriptedTransport.body(network.call(0))).contains("&RoleSessionName=pod-1&");
    }

    // ------------------------------------------------------------------ profiles

    private DefaultCredentialsTest withFiles(String credentials, String config) throws IOException {
        file(".aws/credentials", credentials);
        file(".aws/config", config);
        return with("HOME", folder.toString());
    }

    private static String lines(String... lines) {
        return String.join("\n", lines) + "\n";
    }

    @Test
    void readsTheDefaultProfile() throws IOException {
        withFiles(
                lines(
                        "# mine",
                        "[other]",
                        "aws_access_key_id=AKIAOTHER",
                        "",
                        "[default]",
                        "; key",
                        "aws_access_key_id = AKIADEV # mine",
                        "AWS_SECRET_ACCESS_KEY=n0tf0rl0gs/a#b=",
                        "aws_session_token = n0tf0rl0gs-session\r"),
                "[default]\nregion = eu-west-1\ns3 =\n  aws_access_key_id = AKIANESTED\n");

        assertThat(credentials()).isEqualTo(AwsCredentials.of("AKIADEV", "n0tf0rl0gs/a#b=", "n0tf0rl0gs-session"));
    }

    @Test
    void readsTheProfileAgainForEachLogin() throws IOException {
        withFiles("[default]\naws_access_key_id=A\naws_secret_access_key=n0tf0rl0gs\n", "");
        AwsCredentialsSource source = source();

        withFiles("[default]\naws_access_key_id=B\naws_secret_access_key=n0tf0rl0gs\n", "");
        assertThat(source.credentials(soon()).accessKeyId()).isEqualTo("B");

        withFiles("[default]\n", "");
        assertThatThrownBy(() -> source.credentials(soon()))
                .isInstanceOf(VaultLoginException.class)
                .hasMessageContaining("the profile default in ")
                .hasMessageContaining("has no keys any more");
    }

    @Test
    void readsANamedProfileFromNamedFiles() throws IOException {
        with("AWS_SHARED_CREDENTIALS_FILE", file("c1", "[dev]\naws_access_key_id=FROM_CREDENTIALS\n"))
                .with(
                        "AWS_CONFIG_FILE",
                        file("c2", "[profile  dev]\naws_access_key_id=FROM_CONFIG\naws_secret_access_key=n0tf0rl0gs\n"))
                .with("AWS_PROFILE", "dev");

        assertThat(credentials()).isEqualTo(AwsCredentials.of("FROM_CREDENTIALS", "n0tf0rl0gs", null));
    }

    @Test
    void assumesTheRoleOfAProfile() throws IOException {
        withFiles(
                        "[base]\naws_access_key_id=AKIABASE\naws_secret_access_key=n0tf0rl0gs\n",
                        lines(
                                "[profile dev]",
                                "role_arn=arn:aws:iam::123456789012:role/dev",
                                "source_profile=base",
                                "external_id=x:1",
                                "role_session_name=me@dev",
                                "duration_seconds=1800",
                                "region=eu-south-1"))
                .with("AWS_PROFILE", "dev");
        network.then(200, AwsAnswers.assumedRole("2026-03-01T13:00:00Z"));

        assertThat(credentials().accessKeyId()).isEqualTo("ASIAASSUMED");

        assertThat(network.call(0)).hasToString("POST https://sts.eu-south-1.amazonaws.com/");
        assertThat(network.call(0).headers().get("Authorization")).contains("AKIABASE/20260301/eu-south-1/sts/");
        assertThat(ScriptedTransport.body(network.call(0)))
                .isEqualTo("Action=AssumeRole&DurationSeconds=1800&ExternalId=x%3A1"
                        + "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdev&RoleSessionName=me%40dev"
                        + "&Version=2011-06-15");
    }

    @Test
    void assumesTheRoleOfAProfileWithItsOwnKeysOrThoseOfTheContainer() throws IOException {
        withFiles(
                        "[dev]\naws_access_key_id=AKIABASE\naws_secret_access_key=n0tf0rl0gs\n",
                        "[profile dev]\nrole_arn=arn:aws:iam::123456789012:role/dev\nsource_profile=dev\n")
                .with("AWS_PROFILE", "dev");
        network.then(200, AwsAnswers.assumedRole("2026-03-01T13:00:00Z"));
        credentials();
        assertThat(network.call(0)).hasToString("POST https://sts.amazonaws.com/");

        withFiles(
                "",
                "[profile dev]\nrole_arn=arn:aws:iam::123456789012:role/dev\ncredential_source=Ec2InstanceMetadata");
        network.then(200, "n0tf0rl0gs-imds")
                .then(200, "fn")
                .then(200, ANSWER)
                .then(200, AwsAnswers.assumedRole("2026-03-01T13:00:00Z"));
        credentials();
        assertThat(network.call(4).headers().get("Authorization")).contains("ASIAHOST/");
    }

    @Test
    void assumesTheRoleOfAProfileWithAToken() throws IOException {
        withFiles(
                        "",
                        "[profile dev]\nrole_arn=arn:aws:iam::123456789012:role/dev\nweb_identity_token_file="
                                + file("jwt", "n0tf0rl0gs"))
                .with("AWS_PROFILE", "dev");
        network.then(200, AwsAnswers.assumedRole("2026-03-01T13:00:00Z"));

        credentials();

        assertThat(ScriptedTransport.body(network.call(0))).startsWith("Action=AssumeRoleWithWebIdentity&");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sso_session=my|signs in by IAM Identity Center (sso_session)",
                "sso_start_url=https://x|vault-auth-aws-sdk",
                "login_session=x|login_session",
                "credential_process=/bin/n0tf0rl0gs|runs a program (credential_process)",
                "aws_access_key_id=A|has aws_access_key_id but no aws_secret_access_key",
                "role_arn=|has an empty role_arn",
                "role_arn=r|has role_arn but neither source_profile nor credential_source",
                "role_arn=r!source_profile=none|has source_profile none, which is no profile in",
                "role_arn=r!source_profile=empty|has source_profile empty, which has no credentials",
                "role_arn=r!source_profile=dev|is its own source_profile but has no aws_access_key_id",
                "role_arn=r!source_profile=loop|is its own source_profile, perhaps by way of others",
                "role_arn=r!source_profile=base!mfa_serial=x|mfa_serial",
                "role_arn=r!source_profile=base!duration_seconds=x|has a duration_seconds that is no number",
                "role_arn=r!source_profile=base!duration_seconds=1|duration of 1 s",
                "role_arn=r!source_profile=base!region=EU|has the region \"EU\"",
                "role_arn=r!credential_source=Moon|has credential_source Moon",
                "region=eu-west-1|has no credentials",
            })
    void whatAProfileCannotBeUsedFor(String lines, String said) throws IOException {
        withFiles(
                        "[base]\naws_access_key_id=AKIABASE\naws_secret_access_key=n0tf0rl0gs\n",
                        "[profile loop]\nrole_arn=r\nsource_profile=dev\n[profile empty]\nregion=x\n[profile dev]\n"
                                + lines.replace('!', '\n'))
                .with("AWS_PROFILE", "dev");

        assertThat(failure())
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("has 1 fault: ")
                .hasMessageContaining("the profile ")
                .hasMessageContaining(said);
    }

    @Test
    void aProfileThatIsNotThereIsAFault() throws IOException {
        withFiles("", "").with("AWS_PROFILE", "dev").with("AWS_EC2_METADATA_DISABLED", "true");

        assertThat(failure())
                .hasMessage("Vault configuration has 1 fault: (1) AWS_PROFILE is \"dev\", which is no profile in "
                        + folder.resolve(".aws/credentials") + " or " + folder.resolve(".aws/config"));
    }

    // ------------------------------------------------------------------ the instance's role

    @Test
    void asksTheInstanceMetadataWhenNothingElseIsThere() throws IOException {
        withFiles("", "[default]\nregion=eu-west-1\n");
        network.then(200, "n0tf0rl0gs-imds\n").then(200, "fn-role\n").then(200, ANSWER);
        AwsCredentialsSource source = source();

        assertThat(source.credentials(soon()).accessKeyId()).isEqualTo("ASIAHOST");
        source.credentials(soon());

        assertThat(network.calls())
                .extracting(Object::toString)
                .containsExactly(
                        "PUT http://169.254.169.254/latest/api/token",
                        "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/",
                        "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/fn-role");
        assertThat(network.call(0).headers()).containsOnly(Map.entry("X-aws-ec2-metadata-token-ttl-seconds", "60"));
        assertThat(network.call(0).timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(network.call(2).headers()).containsOnly(Map.entry("X-aws-ec2-metadata-token", "n0tf0rl0gs-imds"));
        assertThat(source).hasToString("EC2's instance metadata at http://169.254.169.254");
    }

    @Test
    void elsewhereThanOnAnInstanceItSaysWhatWasLookedFor() {
        network.otherwise(call -> {
            clock.advance(call.timeout());
            throw new SocketTimeoutException("connect timed out");
        });

        assertThat(failure())
                .isInstanceOf(AwsUnavailableException.class)
                .hasMessageStartingWith("No AWS credentials (nothing in AWS_ACCESS_KEY_ID, ")
                .hasMessageContaining("~/.aws/credentials or ~/.aws/config): EC2's instance metadata at"
                        + " http://169.254.169.254 did not answer. Hint: this works on an EC2 instance only");
        assertThat(network.calls()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"404, ''", "200, ''", "200, <html>"})
    void anInstanceWithoutRole(int status, String body) {
        network.then(200, "n0tf0rl0gs-imds").then(status, body);

        assertThat(failure()).isInstanceOf(VaultLoginException.class).hasMessageContaining("no");
        assertThat(network.calls()).hasSize(2);
    }

    @Test
    void metadataThatIsSwitchedOff() {
        network.then(403, "n0tf0rl0gs");

        assertThat(failure())
                .isInstanceOf(VaultLoginException.class)
                .hasMessageContaining(
                        "answered 403. Hint: the instance's metadata options must enable the HTTP endpoint");
    }

    @ParameterizedTest
    @CsvSource({
        "AWS_EC2_METADATA_SERVICE_ENDPOINT, http://127.0.0.1:1338/, http://127.0.0.1:1338",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, IPv6, http://[fd00:ec2::254]",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, ipv4, http://169.254.169.254",
    })
    void metadataElsewhere(String name, String value, String address) {
        with(name, value);
        network.then(403, "");

        failure();

        assertThat(network.call(0)).hasToString("PUT " + address + "/latest/api/token");
    }

    @Test
    void anUnknownMetadataModeIsAFault() {
        with("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5");

        assertThat(failure()).isInstanceOf(VaultConfigException.class).hasMessageContaining("write IPv4 or IPv6");
    }

    /** In whose buffers the credentials still are. */
    @ParameterizedTest
    @ValueSource(strings = {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_EC2_METADATA_SERVICE_ENDPOINT"})
    void forgettingClosesTheConnectionsToTheHost(String variable) {
        AwsCredentialsSource source = with(variable, "http://127.0.0.1:1338/")
                .with("HOME", folder.toString())
                .source();

        source.forget();

        assertThat(network.closings()).isEqualTo(1);
    }
}
