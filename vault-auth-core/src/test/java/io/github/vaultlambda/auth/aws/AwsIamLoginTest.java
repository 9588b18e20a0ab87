package io.github.vaultlambda.auth.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultResponseException;
import io.github.vaultlambda.client.VaultSealedException;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.fakes.Said;
import io.github.vaultlambda.fakes.ScriptedTransport;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsIamLoginTest {
    private static final String SESSION_TOKEN = "IQoJb3JpZ2luX2VjE/n0tf0rl0gs/session==";
    private static final AwsCredentials CREDENTIALS =
            AwsCredentials.of("ASIAEXAMPLE", "n0tf0rl0gs-secret-key", SESSION_TOKEN);
    private static final String ACCEPTED = "{\"auth\":{\"client_token\":\"hvs.n0tf0rl0gs\",\"accessor\":\"accessor-1\","
            + "\"lease_duration\":3600,\"renewable\":true,\"policies\":[\"default\"]}}";

    private final FakeClock clock = new FakeClock();
    private final ScriptedTransport vault = new ScriptedTransport();

    private static final AwsIamOptions OPTIONS = AwsIamOptions.of("orders");

    private VaultEndpoint endpoint() {
        URI address = URI.create("https://vault.example.com");
        return new VaultEndpoint(VaultConfig.builder().address(address).build(), vault.platform(clock));
    }

    private VaultToken login(AwsIamOptions options, AwsCredentials credentials) {
        VaultEndpoint endpoint = endpoint();
        return new AwsIamLogin(options, deadline -> credentials, clock)
                .login(endpoint, endpoint.deadlineIn(Duration.ofSeconds(10)));
    }

    private VaultToken login() {
        return login(OPTIONS, CREDENTIALS);
    }

    private static String errors(String... texts) {
        return SecretValue.of(Map.of(
                        "errors",
                        SecretValue.of(
                                List.of(texts).stream().map(SecretValue::of).toList())))
                .revealJson();
    }

    private static String decoded(SecretValue body, String field) {
        return new String(Base64.getDecoder().decode(body.text(field)), UTF_8);
    }

    // ------------------------------------------------------------------ the request

    @Test
    void handsASignedRequestToVault() throws IOException {
        vault.then(200, ACCEPTED);

        login(
                OPTIONS.withMount("team/aws")
                        .withStsEndpoint(StsEndpoint.regional("eu-south-1"))
                        .withIamServerId("vault.example.com"),
                CREDENTIALS);

        assertThat(vault.call(0)).hasToString("PUT https://vault.example.com/v1/auth/team/aws/login");
        assertThat(vault.call(0).headers()).doesNotContainKeys("X-Vault-Token", "Authorization");
        SecretValue body =
                SecretValue.parse(ScriptedTransport.body(vault.call(0)).getBytes(UTF_8));
        assertThat(body.fields().keySet())
                .containsExactlyInAnyOrder(
                        "role",
                        "iam_http_request_method",
                        "iam_request_url",
                        "iam_request_body",
                        "iam_request_headers");
        assertThat(body.text("role")).isEqualTo("orders");
        assertThat(body.text("iam_http_request_method")).isEqualTo("POST");
        assertThat(decoded(body, "iam_request_url")).isEqualTo("https://sts.eu-south-1.amazonaws.com/");
        assertThat(body.text("iam_request_body"))
                .isEqualTo("QWN0aW9uPUdldENhbGxlcklkZW50aXR5JlZlcnNpb249MjAxMS0wNi0xNQ==");

        Map<String, String> headers = new TreeMap<>();
        SecretValue.parse(decoded(body, "iam_request_headers").getBytes(UTF_8))
                .fields()
                .forEach((name, values) -> {
                    assertThat(values.elements()).hasSize(1);
                    headers.put(name, values.elements().get(0).reveal());
                });
        String authorization = headers.remove("Authorization");
        assertThat(headers)
                .containsOnly(
                        Map.entry("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
                        Map.entry("X-Amz-Date", "20260301T120000Z"),
                        Map.entry("X-Amz-Security-Token", SESSION_TOKEN),
                        Map.entry("X-Vault-AWS-IAM-Server-ID", "vault.example.com"));
        assertThat(authorization)
                .startsWith(
                        "AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/20260301/eu-south-1/sts/aws4_request, SignedHeaders="
                                + "content-type;host;x-amz-date;x-amz-security-token;x-vault-aws-iam-server-id, Signature=");

        // The host that Vault sends it to is part of the signature.
        headers.remove("X-Amz-Date");
        headers.remove("X-Amz-Security-Token");
        headers.put("Host", "sts.eu-south-1.amazonaws.com");
        assertThat(new SigV4Signer("eu-south-1", "sts")
                        .sign(
                                "POST",
                                headers,
                                "Action=GetCallerIdentity&Version=2011-06-15".getBytes(UTF_8),
                                CREDENTIALS,
                                FakeClock.START)
                        .get("Authorization"))
                .isEqualTo(authorization);
    }

    @Test
    void leavesOutWhatThereIsNot() throws IOException {
        vault.then(200, ACCEPTED);

        login(OPTIONS, AwsCredentials.of("AKIAEXAMPLE", "n0tf0rl0gs-secret-key", null));

        SecretValue body =
                SecretValue.parse(ScriptedTransport.body(vault.call(0)).getBytes(UTF_8));
        assertThat(decoded(body, "iam_request_url")).isEqualTo("https://sts.amazonaws.com/");
        SecretValue headers =
                SecretValue.parse(decoded(body, "iam_request_headers").getBytes(UTF_8));
        assertThat(headers.fields().keySet()).containsExactlyInAnyOrder("Authorization", "Content-Type", "X-Amz-Date");
        assertThat(headers.fields().values().iterator().next().elements().get(0).reveal())
                .contains(
                        "/20260301/us-east-1/sts/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=");
    }

    @Test
    void asksForCredentialsBeforeEachLogin() {
        vault.then(200, ACCEPTED).then(200, ACCEPTED);
        VaultEndpoint endpoint = endpoint();
        List<AwsCredentials> given = new ArrayList<>();
        AwsIamLogin login = new AwsIamLogin(
                OPTIONS,
                deadline -> {
                    given.add(CREDENTIALS);
                    return CREDENTIALS;
                },
                clock);

        login.login(endpoint, endpoint.deadlineIn(Duration.ofSeconds(1)));
        clock.advance(Duration.ofMinutes(20));
        login.login(endpoint, endpoint.deadlineIn(Duration.ofSeconds(1)));

        assertThat(given).hasSize(2);
        assertThat(ScriptedTransport.body(vault.call(0))).isNotEqualTo(ScriptedTransport.body(vault.call(1)));
    }

    @Test
    void describesItselfWithoutSecrets() {
        AwsIamLogin login = new AwsIamLogin(
                OPTIONS.withStsEndpoint(StsEndpoint.regional("eu-south-1")), deadline -> CREDENTIALS, clock);

        assertThat(login.describe())
                .isEqualTo("role orders at auth/aws (AWS IAM, signed for sts.eu-south-1.amazonaws.com in eu-south-1)");
        assertThat(login).hasToString(login.describe());
        assertThat(StsRequest.signed(StsEndpoint.global(), "h", "f", null, CREDENTIALS, FakeClock.START))
                .hasToString("StsRequest[hidden]");
    }

    // ------------------------------------------------------------------ the token

    @Test
    void readsTheToken() {
        vault.then(call -> {
            clock.advance(Duration.ofSeconds(3));
            return ScriptedTransport.reply(200, ACCEPTED);
        });

        VaultToken token = login();

        assertThat(token.value().reveal()).isEqualTo("hvs.n0tf0rl0gs");
        assertThat(token.accessor()).isEqualTo("accessor-1");
        assertThat(token.ttl()).isEqualTo(Duration.ofHours(1));
        assertThat(token.renewable()).isTrue();
        assertThat(token.issuedAt()).isEqualTo(FakeClock.START);
        assertThat(token.expiresAt()).isEqualTo(FakeClock.START.plusSeconds(3600));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"auth\":{\"client_token\":\"hvb.n0tf0rl0gs\"}}",
                "{\"auth\":{\"client_token\":\"hvb.n0tf0rl0gs\",\"accessor\":null,\"lease_duration\":0,\"renewable\":false}}",
                "{\"auth\":{\"client_token\":\"hvb.n0tf0rl0gs\",\"lease_duration\":-1}}",
            })
    void readsABatchToken(String answer) {
        vault.then(200, answer);

        VaultToken token = login();

        assertThat(token.accessor()).isNull();
        assertThat(token.ttl()).isZero();
        assertThat(token.expiresAt()).isNull();
        assertThat(token.renewable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"auth\":null}",
                "{\"auth\":{}}",
                "{\"auth\":{\"client_token\":null}}",
                "{\"auth\":{\"client_token\":\"\"}}",
                "{\"auth\":\"n0tf0rl0gs\"}",
                "{\"auth\":{\"client_token\":{\"n0tf0rl0gs\":1}}}",
                "{\"auth\":{\"client_token\":[\"n0tf0rl0gs\"]}}",
                "{\"data\":{\"id\":\"n0tf0rl0gs\"}}",
            })
    void anAnswerWithoutTokenIsNoLogin(String answer) {
        vault.then(200, answer);

        VaultLoginException e = catchThrowableOfType(VaultLoginException.class, this::login);

        assertThat(e)
                .isExactlyInstanceOf(VaultLoginException.class)
                .hasMessage(
                        "Vault accepted PUT auth/aws/login but sent no token. Hint: check that the mount in this path is"
                                + " an auth method of the expected type");
        assertThat(e.status()).isEqualTo(200);
        assertThat(e.path()).isEqualTo("auth/aws/login");
        assertThat(Said.by(e)).doesNotContain("n0tf0rl0gs");
    }

    // ------------------------------------------------------------------ what is kept

    /** Counts how often it is told to forget. */
    private static final class Source implements AwsCredentialsSource {
        private int forgotten;

        @Override
        public AwsCredentials credentials(Deadline deadline) {
            return CREDENTIALS;
        }

        @Override
        public void forget() {
            forgotten++;
        }
    }

    @Test
    void forgetsTheCredentialsWithTheSnapshot() {
        Source source = new Source();

        new AwsIamLogin(OPTIONS, source, clock).forget();

        assertThat(source.forgotten).isEqualTo(1);
    }

    @Test
    void credentialsThatAwsRefusedAreForgottenAndOthersAreNot() {
        Source source = new Source();
        AwsIamLogin login = new AwsIamLogin(OPTIONS, source, clock);
        VaultEndpoint endpoint = endpoint();
        vault.then(400, errors("auth method iam not allowed for role orders"))
                .then(400, errors("error making upstream request: <Error><Code>ExpiredToken</Code></Error>"));

        assertThatThrownBy(() -> login.login(endpoint, endpoint.deadlineIn(Duration.ofSeconds(1))))
                .isInstanceOf(VaultLoginException.class);
        assertThat(source.forgotten).isZero();

        assertThatThrownBy(() -> login.login(endpoint, endpoint.deadlineIn(Duration.ofSeconds(1))))
                .isInstanceOf(AwsCredentialsRejectedException.class);
        assertThat(source.forgotten).isEqualTo(1);
    }

    // ------------------------------------------------------------------ refusals, in the words of Vault 1.21

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "entry for role orders not found|RoleNotBoundException"
                        + "|set VAULT_AUTH_ROLE to a role that exists in auth/aws/role",
                "entry for role \"orders\" not found|RoleNotBoundException"
                        + "|set VAULT_AUTH_ROLE to a role that exists in auth/aws/role",
                "IAM Principal \"arn:aws:sts::123456789012:assumed-role/fn/fn\" does not belong to the role \"orders\""
                        + "|RoleNotBoundException"
                        + "|add the ARN of the function's role to bound_iam_principal_arn of auth/aws/role/orders",
                "role \"orders\" no longer bound to ARN \"arn:aws:iam::123456789012:role/fn\"|RoleNotBoundException"
                        + "|add the ARN of the function's role to bound_iam_principal_arn of auth/aws/role/orders",
                "error validating X-Vault-AWS-IAM-Server-ID header: missing header \"X-Vault-AWS-IAM-Server-ID\""
                        + "|IamServerIdException"
                        + "|set VAULT_IAM_SERVER_ID to iam_server_id_header_value of auth/aws/config/client",
                "error making upstream request: error making request: POST https://sts.example.com/ giving up after 3"
                        + " attempt(s): dial tcp: lookup sts.example.com: no such host|VaultLoginException"
                        + "|Vault itself could not ask STS; check sts_endpoint in auth/aws/config/client and Vault's network",
                "error making upstream request: body of GetCallerIdentity is invalid|VaultLoginException"
                        + "|Vault itself could not ask STS; check sts_endpoint in auth/aws/config/client and Vault's network",
                "auth method iam not allowed for role orders|VaultLoginException|",
                "missing iam_request_headers|VaultLoginException|",
                "error looking up full ARN of entity x when attempting login for role \"orders\": AccessDenied"
                        + "|VaultLoginException|",
            })
    void tellsRefusalsApart(String text, String type, @Nullable String hint) {
        vault.then(400, errors(text));

        VaultLoginException e = catchThrowableOfType(VaultLoginException.class, this::login);

        assertThat(e.getClass().getSimpleName()).isEqualTo(type);
        assertThat(e.status()).isEqualTo(400);
        assertThat(e.path()).isEqualTo("auth/aws/login");
        assertThat(e.errors()).containsExactly(text);
        assertThat(e.hint()).isEqualTo(hint);
        assertThat(e)
                .hasMessage(
                        "Vault refused the login of role orders at auth/aws (AWS IAM, signed for sts.amazonaws.com in"
                                + " us-east-1) with 400: " + text + (hint == null ? "" : ". Hint: " + hint));
        assertThat(vault.calls()).hasSize(1);
    }

    @Test
    void namesTheServerIdThatWasSent() {
        vault.then(400, errors("error validating X-Vault-AWS-IAM-Server-ID header: expected \"a\" but got \"b\""));

        IamServerIdException e = catchThrowableOfType(
                IamServerIdException.class, () -> login(OPTIONS.withIamServerId("b"), CREDENTIALS));

        assertThat(e.hint())
                .isEqualTo(
                        "set VAULT_IAM_SERVER_ID, now \"b\", to iam_server_id_header_value of auth/aws/config/client");
    }

    @Test
    void aRefusalWithoutWordsHintsAtTheMount() {
        vault.then(403, errors("permission denied"));

        assertThatThrownBy(this::login)
                .isExactlyInstanceOf(VaultLoginException.class)
                .hasMessageEndingWith(
                        "with 403: permission denied. Hint: check that VAULT_AUTH_PROVIDER, now aws, is the path of"
                                + " an AWS auth method (vault auth list), and that VAULT_NAMESPACE is the right one");

        vault.then(400, "");
        assertThatThrownBy(this::login)
                .isExactlyInstanceOf(VaultLoginException.class)
                .hasMessageEndingWith("with 400");
    }

    @Test
    void aMountThatDoesNotExistIsALoginFailure() {
        String text = "no handler for route \"auth/aws/login\". route entry not found.";
        vault.then(404, errors(text));

        VaultLoginException e = catchThrowableOfType(VaultLoginException.class, this::login);

        assertThat(e).isExactlyInstanceOf(VaultLoginException.class);
        assertThat(e.status()).isEqualTo(404);
        assertThat(e.errors()).containsExactly(text);
    }

    @Test
    void whatIsNoRefusalStaysWhatItIs() {
        vault.then(200, "<html>n0tf0rl0gs</html>");
        assertThatThrownBy(this::login).isInstanceOf(VaultResponseException.class);

        vault.otherwise(call -> ScriptedTransport.reply(503, errors("Vault is sealed")));
        assertThatThrownBy(this::login).isInstanceOf(VaultSealedException.class);

        vault.otherwise(call -> ScriptedTransport.reply(500, errors("error getting configuration: x")));
        assertThatThrownBy(this::login).isExactlyInstanceOf(VaultUnavailableException.class);
    }

    // ------------------------------------------------------------------ what STS said

    private static String stsError(int status, String code, String message) {
        return errors("error making upstream request: received error code " + status
                + " from STS: <ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <Error>\n"
                + "    <Type>Sender</Type>\n    <Code>" + code + "</Code>\n    <Message>" + message
                + "</Message>\n  </Error>\n  <RequestId>c6a6b3a4</RequestId>\n</ErrorResponse>\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403|SignatureDoesNotMatch|Credential should be scoped to a valid region."
                        + "|the login was signed for sts.eu-south-1.amazonaws.com in region eu-south-1, another one than Vault"
                        + " asks: set VAULT_STS_ENDPOINT_REGION to the region of sts_endpoint in Vault's auth method, or to"
                        + " aws-global when that is the default, sts.amazonaws.com",
                "403|RegionDisabledException|STS is not activated in this region for account:123456789012."
                        + "|the login was signed for sts.eu-south-1.amazonaws.com in region eu-south-1, another one than Vault"
                        + " asks: set VAULT_STS_ENDPOINT_REGION to the region of sts_endpoint in Vault's auth method, or to"
                        + " aws-global when that is the default, sts.amazonaws.com",
                "403|SignatureDoesNotMatch|Signature expired: 20260301T120000Z is now earlier than 20260301T121000Z"
                        + " (20260301T122500Z - 15 min.)|the clock of this machine is wrong by more than STS accepts",
                "403|SignatureDoesNotMatch|Signature not yet current: 20260301T120000Z is still later than 20260301T111000Z"
                        + "|the clock of this machine is wrong by more than STS accepts",
                "403|ExpiredToken|The security token included in the request is expired"
                        + "|the credentials of the function's role have expired",
                "403|InvalidClientTokenId|The security token included in the request is invalid."
                        + "|AWS does not know these credentials: check the access key's id and the session token, in a function"
                        + " AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN; the login was signed for sts.eu-south-1.amazonaws.com in region eu-south-1",
                "403|SignatureDoesNotMatch|The request signature we calculated does not match the signature you provided."
                        + "|check the secret key, in a function AWS_SECRET_ACCESS_KEY, and that sts_endpoint in Vault's auth method suits: the login was"
                        + " signed for sts.eu-south-1.amazonaws.com in region eu-south-1",
                "400|OptInRequired|You are not subscribed to this service"
                        + "|the login was signed for sts.eu-south-1.amazonaws.com in region eu-south-1",
            })
    void saysWhatStsSaid(int status, String code, String message, String hint) {
        vault.then(400, stsError(status, code, message));
        AwsIamOptions config = OPTIONS.withStsEndpoint(StsEndpoint.regional("eu-south-1"));

        AwsCredentialsRejectedException e =
                catchThrowableOfType(AwsCredentialsRejectedException.class, () -> login(config, CREDENTIALS));

        assertThat(e.status()).isEqualTo(400);
        assertThat(e.errors()).containsExactly(code + ": " + message);
        assertThat(e.hint()).isEqualTo(hint);
        assertThat(e)
                .hasMessage("Vault refused the login of role orders at auth/aws (AWS IAM, signed for"
                        + " sts.eu-south-1.amazonaws.com in eu-south-1) with 400: STS answered " + code + ": " + message
                        + (message.endsWith(".") ? " Hint: " : ". Hint: ")
                        + hint);
    }

    @ParameterizedTest
    @CsvSource({
        "404, no handler for route \"auth/aws/login\"",
        "405, unsupported operation",
        "500, failed to determine alias name from login request"
    })
    void aMountOfAnotherTypeIsSaidToBeThat(int status, String text) {
        vault.otherwise(call -> ScriptedTransport.reply(status, errors(text)));

        VaultLoginException e = catchThrowableOfType(VaultLoginException.class, this::login);

        assertThat(e.status()).isEqualTo(status);
        assertThat(e.hint()).startsWith("check that VAULT_AUTH_PROVIDER, now aws, is the path of an AWS auth method");
    }

    @Test
    void thatStsHasTooManyRequestsIsNoFaultOfTheCredentials() {
        vault.then(400, stsError(400, "Throttling", "Rate exceeded"));
        List<String> forgotten = new ArrayList<>();
        AwsCredentialsSource credentials = new AwsCredentialsSource() {
            @Override
            public AwsCredentials credentials(Deadline deadline) {
                return CREDENTIALS;
            }

            @Override
            public void forget() {
                forgotten.add("credentials");
            }
        };
        VaultEndpoint endpoint = endpoint();

        AwsUnavailableException e = catchThrowableOfType(
                AwsUnavailableException.class,
                () -> new AwsIamLogin(OPTIONS, credentials, clock)
                        .login(endpoint, endpoint.deadlineIn(Duration.ofSeconds(10))));

        assertThat(e.errors()).containsExactly("Throttling: Rate exceeded");
        assertThat(forgotten).isEmpty();
    }

    /** AWS quotes the request as it should have been signed, token included. */
    @ParameterizedTest
    @ValueSource(ints = {0, 500, 5_000})
    void neverRepeatsTheRequestThatStsQuotes(int tokenLength) {
        String token = SESSION_TOKEN + "n0tf0rl0gs".repeat(tokenLength / 10);
        vault.then(
                400,
                stsError(
                        403,
                        "SignatureDoesNotMatch",
                        "The request signature we calculated does not match the signature you provided. Check your AWS"
                                + " Secret Access Key and signing method. Consult the service documentation for details."
                                + "\n\nThe Canonical String for this request should have been\n'POST\n/\n\ncontent-type:"
                                + "application/x-www-form-urlencoded\nhost:sts.amazonaws.com\nx-amz-date:20260301T120000Z"
                                + "\nx-amz-security-token:" + token
                                + "\n\ncontent-type;host;x-amz-date;x-amz-security-token\nab821ae9'\n\nThe String-to-Sign"
                                + " should have been\n'AWS4-HMAC-SHA256\n20260301T120000Z\n'\n"));

        AwsCredentialsRejectedException e = catchThrowableOfType(AwsCredentialsRejectedException.class, this::login);

        assertThat(Said.by(e) + e.errors() + e.hint())
                .doesNotContain("n0tf0rl0gs", "x-amz-security-token", "IQoJ", "Canonical");
        assertThat(e).hasNoCause().hasNoSuppressedExceptions();
        assertThat(e.errors().get(0)).startsWith("SignatureDoesNotMatch");
        assertThat(e.hint()).startsWith("check the secret key");
    }
}
