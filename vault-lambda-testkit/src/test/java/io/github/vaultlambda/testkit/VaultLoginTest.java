package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.testkit.wire.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VaultLoginTest extends VaultFixture {
    @Test
    void logsInAndReadsASecret() throws Exception {
        Http.Reply reply = login("orders", signer(ordersFunction(null)));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text("auth", "client_token")).startsWith("hvs.").contains(TestSecrets.MARKER);
        assertThat(reply.at("auth", "policies")).isEqualTo(List.of("default", "orders"));
        assertThat(reply.text("auth", "lease_duration")).isEqualTo("600");
        assertThat(reply.at("auth", "renewable")).isEqualTo(true);
        assertThat(reply.text("auth", "metadata", "account_id")).isEqualTo("123456789012");
        assertThat(reply.text("auth", "metadata", "auth_type")).isEqualTo("iam");
        assertThat(reply.text("auth", "token_type")).isEqualTo("service");
        assertThat(reply.at("data")).isNull();
        assertThat(reply.text("mount_type")).isEmpty();

        String token = reply.text("auth", "client_token");
        assertThat(call(token, "GET", "secret/data/orders/db", null).text("data", "data", "password"))
                .isEqualTo("geheim");
        assertThat(call(token, "GET", "auth/token/lookup-self", null).text("data", "display_name"))
                .isEqualTo("aws-orders-function/orders-function");
        assertThat(vault.loginCount()).isEqualTo(1);
        assertThat(vault.requests().get(1).tokenAccessor()).isEqualTo(reply.text("auth", "accessor"));
    }

    @Test
    void takesHeadersAsTextsAndAsAnObject() throws Exception {
        TestCredentials session = ordersFunction(null);
        Map<String, String> headers = signer(session).sign("sts.amazonaws.com", TestSigner.IDENTITY);
        Map<String, Object> body = loginBody("orders", "sts.amazonaws.com", headers);
        body.put("iam_request_headers", base64(Json.write(headers)));
        assertThat(call(null, "POST", "auth/aws/login", body).status()).isEqualTo(200);

        body.put("iam_request_headers", headers);
        assertThat(call(null, "POST", "auth/aws/login", body).status()).isEqualTo(200);
    }

    @Test
    void worksAtNestedMounts() throws Exception {
        TestCredentials session = ordersFunction(null);
        vault.enableAwsAuth("team/aws", sts, null);
        vault.awsRole(
                "team/aws",
                AwsRole.named("r")
                        .boundTo("arn:aws:iam::123456789012:role/orders-*")
                        .build());

        Http.Reply reply = call(
                null,
                "POST",
                "auth/team/aws/login",
                loginBody("r", "sts.amazonaws.com", signer(session).sign("sts.amazonaws.com", TestSigner.IDENTITY)));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text("auth", "lease_duration")).isEqualTo("2764800");
    }

    @Test
    void passesOnWhatStsRefuses() throws Exception {
        TestCredentials session = ordersFunction(null);

        assertRefused(
                login("orders", signer(session.withSecretAccessKey("wrong"))),
                "error making upstream request: received error code 403 from STS: <ErrorResponse",
                "<Code>SignatureDoesNotMatch</Code>");
        assertRefused(login("orders", signer(session.withSessionToken("wrong"))), "<Code>InvalidClientTokenId</Code>");
        assertRefused(
                login("orders", signer(session).region("eu-west-1")), "Credential should be scoped to a valid region.");
        TestSigner old = signer(session);
        clock.advance(Duration.ofMinutes(16));
        assertRefused(login("orders", old), "Signature expired: ");
    }

    private static void assertRefused(Http.Reply reply, String... texts) {
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errors()).hasSize(1);
        assertThat(reply.errors().get(0).toString()).contains(texts);
    }

    private static void assertRefusedExactly(Http.Reply reply, String text) {
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errors()).isEqualTo(List.of(text));
    }

    @Test
    void refusesAHeaderThatWasChanged() throws Exception {
        TestCredentials session = ordersFunction(null);
        Map<String, String> headers =
                signer(session).header("X-Extra", "one").sign("sts.amazonaws.com", TestSigner.IDENTITY);
        headers.put("X-Extra", "two");

        assertRefused(
                call(null, "POST", "auth/aws/login", loginBody("orders", "sts.amazonaws.com", headers)),
                "SignatureDoesNotMatch");
    }

    @Test
    void wantsTheServerId() throws Exception {
        TestCredentials session = ordersFunction("vault.example.com");
        String header = "X-Vault-AWS-IAM-Server-ID";

        assertThat(login("orders", signer(session).header(header, "vault.example.com"))
                        .status())
                .isEqualTo(200);
        assertRefusedExactly(
                login("orders", signer(session)),
                "error validating X-Vault-AWS-IAM-Server-ID header: missing header \"X-Vault-AWS-IAM-Server-ID\"");
        assertRefusedExactly(
                login("orders", signer(session).header(header, "other")),
                "error validating X-Vault-AWS-IAM-Server-ID header: expected \"vault.example.com\" but got \"other\"");
        Map<String, String> unsigned = signer(session).sign("sts.amazonaws.com", TestSigner.IDENTITY);
        unsigned.put(header, "vault.example.com");
        assertRefusedExactly(
                call(null, "POST", "auth/aws/login", loginBody("orders", "sts.amazonaws.com", unsigned)),
                "error validating X-Vault-AWS-IAM-Server-ID header: vault header wasn't signed");
    }

    @Test
    void checksTheRole() throws Exception {
        TestCredentials session = ordersFunction(null);
        vault.awsRole(
                "aws",
                AwsRole.named("other")
                        .boundTo("arn:aws:iam::123456789012:role/other")
                        .build());

        assertRefusedExactly(login("nobody", signer(session)), "entry for role nobody not found");
        assertRefusedExactly(login("", signer(session)), "entry for role orders-function not found");
        assertRefusedExactly(
                login("other", signer(session)),
                "IAM Principal \"arn:aws:sts::123456789012:assumed-role/orders-function/orders-function\" does not"
                        + " belong to the role \"other\"");
    }

    @Test
    void checksTheRequestInside() throws Exception {
        TestCredentials session = ordersFunction(null);
        String host = "sts.amazonaws.com";
        Map<String, Object> good = loginBody("orders", host, signer(session).sign(host, TestSigner.IDENTITY));

        assertInvalid(
                good,
                "iam_http_request_method",
                "PUT",
                "invalid iam_http_request_method; currently only 'GET' and 'POST' are supported");
        assertInvalid(good, "iam_request_url", "%", "failed to base64 decode iam_request_url");
        assertInvalid(good, "iam_request_url", base64("https://sts.amazonaws.com/?a=b"), "invalid request");
        assertInvalid(good, "iam_request_body", base64("Action=AssumeRole"), "iam request body is invalid");
        assertInvalid(good, "iam_request_body", base64(TestSigner.IDENTITY + "&x=y"), "iam request body is invalid");
        assertInvalid(good, "iam_request_headers", base64("{}"), "missing iam_request_headers");
        assertInvalid(
                good, "iam_request_headers", base64("{\"X-Amz-Odd\":\"1\"}"), "invalid request header: X-Amz-Odd");
        assertRefusedExactly(
                call(null, "POST", "auth/aws/login", Map.of("role", "orders")),
                "didn't supply required authentication values");
        assertThat(call(null, "GET", "auth/aws/login", null).status()).isEqualTo(405);
        assertThat(sts.calls()).isEmpty();
    }

    private void assertInvalid(Map<String, Object> good, String field, String value, String error) throws Exception {
        Map<String, Object> bad = new LinkedHashMap<>(good);
        bad.put(field, value);
        assertRefusedExactly(call(null, "POST", "auth/aws/login", bad), error);
    }

    @Test
    void needsAnStsEndpoint() throws Exception {
        TestCredentials session = ordersFunction(null);
        assertThat(root("DELETE", "auth/aws/config/client", null).status()).isEqualTo(204);

        assertRefused(
                login("orders", signer(session)),
                "error making upstream request: error making request: POST https://sts.amazonaws.com// giving up");
    }

    @Test
    void issuesBatchTokensAndLimitedTokens() throws Exception {
        TestCredentials session = ordersFunction(null);
        String arn = "arn:aws:iam::123456789012:role/orders-function";
        vault.awsRole("aws", AwsRole.named("batch").boundTo(arn).batch().build());
        vault.awsRole(
                "aws",
                AwsRole.named("two").boundTo(arn).policies("orders").numUses(2).build());

        Http.Reply batch = login("batch", signer(session));
        assertThat(batch.text("auth", "client_token")).startsWith("hvb.").contains(TestSecrets.MARKER);
        assertThat(batch.at("auth", "renewable")).isEqualTo(false);
        assertThat(batch.text("auth", "accessor")).isEmpty();
        assertThat(call(batch.text("auth", "client_token"), "POST", "auth/token/renew-self", Map.of())
                        .errors())
                .isEqualTo(List.of("batch tokens cannot be renewed"));

        Http.Reply two = login("two", signer(session));
        assertThat(two.text("auth", "num_uses")).isEqualTo("2");
        String token = two.text("auth", "client_token");
        assertThat(call(token, "GET", "secret/data/orders/db", null).status()).isEqualTo(200);
        assertThat(call(token, "GET", "auth/token/lookup-self", null).text("data", "num_uses"))
                .isEqualTo("-1");
        assertThat(call(token, "GET", "secret/data/orders/db", null).status()).isEqualTo(403);
    }

    @Test
    void tokensEndAndAreRenewedUpToTheirMaximum() throws Exception {
        String token = login("orders", signer(ordersFunction(null))).text("auth", "client_token");
        clock.advance(Duration.ofMinutes(9));
        Http.Reply renewed = call(token, "PUT", "auth/token/renew-self", Map.of("increment", 1200));
        assertThat(renewed.text("auth", "lease_duration")).isEqualTo("1200");
        assertThat(renewed.at("warnings")).isNull();
        clock.advance(Duration.ofMinutes(11));

        Http.Reply capped = call(token, "POST", "auth/token/renew-self", Map.of());
        assertThat(capped.text("auth", "lease_duration")).isEqualTo("600");
        Http.Reply tooMuch = call(token, "POST", "auth/token/renew-self", Map.of("increment", "1h"));
        assertThat(tooMuch.text("auth", "lease_duration")).isEqualTo("600");
        assertThat(tooMuch.at("warnings"))
                .isEqualTo(List.of("TTL of \"1h\" exceeded the effective max_ttl of \"10m\"; TTL value is capped"
                        + " accordingly"));
        assertThat(call(token, "GET", "auth/token/lookup-self", null).text("data", "ttl"))
                .isEqualTo("600");

        clock.advance(Duration.ofMinutes(10));
        Http.Reply ended = call(token, "GET", "secret/data/orders/db", null);
        assertThat(ended.status()).isEqualTo(403);
        assertThat(ended.errors())
                .isEqualTo(List.of("2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n"));
    }

    @Test
    void aTokenOfADeletedRoleCannotBeRenewed() throws Exception {
        String token = login("orders", signer(ordersFunction(null))).text("auth", "client_token");
        vault.deleteAwsRole("aws", "orders");

        Http.Reply reply = call(token, "POST", "auth/token/renew-self", Map.of());

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.errors())
                .isEqualTo(List.of("1 error occurred:\n\t* failed to renew entry: role entry not found\n\n"));
        assertThat(call(token, "GET", "secret/data/orders/db", null).status()).isEqualTo(200);
    }

    @Test
    void canBeSetUpOverHttp() throws Exception {
        TestCredentials session = sts.issueSession(sts.createRole("fn"));
        assertThat(root("POST", "sys/auth/aws", Map.of("type", "aws")).status()).isEqualTo(204);
        assertThat(root("POST", "sys/auth/aws", Map.of("type", "aws")).errors())
                .isEqualTo(List.of("path is already in use at aws/"));
        assertThat(root("GET", "auth/aws/config/client", null).status()).isEqualTo(404);
        Map<String, Object> config = Map.of("sts_endpoint", sts.endpoint().toString(), "secret_key", "k3y");
        assertThat(root("POST", "auth/aws/config/client", config).status()).isEqualTo(204);
        Http.Reply shown = root("GET", "auth/aws/config/client", null);
        assertThat(shown.text("data", "max_retries")).isEqualTo("-1");
        assertThat(shown.body()).doesNotContain("k3y");

        Map<String, Object> role = Map.of(
                "auth_type", "iam",
                "bound_iam_principal_arn", "arn:aws:iam::123456789012:role/fn",
                "token_policies", "b,a",
                "token_ttl", "20s");
        assertThat(root("POST", "auth/aws/role/FN", role).errors().get(0).toString())
                .startsWith("unable to resolve ARN \"arn:aws:iam::123456789012:role/fn\" to internal ID: ");
        Map<String, Object> unresolved = new LinkedHashMap<>(role);
        unresolved.put("resolve_aws_unique_ids", false);
        assertThat(root("POST", "auth/aws/role/FN", unresolved).status()).isEqualTo(204);
        Http.Reply read = root("GET", "auth/aws/role/fn", null);
        assertThat(read.at("data", "token_policies")).isEqualTo(List.of("a", "b"));
        assertThat(read.text("data", "token_ttl")).isEqualTo("20");
        assertThat(read.text("mount_type")).isEqualTo("aws");
        assertThat(root("LIST", "auth/aws/role", null).at("data", "keys")).isEqualTo(List.of("fn"));

        assertThat(login("", signer(session)).text("auth", "lease_duration")).isEqualTo("20");
        assertThat(root("DELETE", "sys/auth/aws", null).status()).isEqualTo(204);
        Http.Reply gone = login("fn", signer(session));
        assertThat(gone.status()).isEqualTo(403);
        assertThat(gone.errors()).isEqualTo(List.of("permission denied"));
    }

    @Test
    void refusesBadRoles() throws Exception {
        vault.enableAwsAuth("aws", sts, null);

        assertRole("at least one bound parameter should be specified on the role", Map.of());
        Map<String, Object> longTtl = Map.of("bound_iam_principal_arn", "a", "token_ttl", 40, "token_max_ttl", 30);
        assertRole("'token_ttl' cannot be greater than 'token_max_ttl'", longTtl);
        assertRole(
                "'token_type' cannot be 'batch' or 'default_batch' when set to generate tokens with limited use count",
                Map.of("bound_iam_principal_arn", "a", "token_type", "batch", "token_num_uses", 1));
        assertRole("unrecognized auth_type: x", Map.of("auth_type", "x"));
    }

    private void assertRole(String error, Map<String, Object> fields) throws Exception {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put("resolve_aws_unique_ids", false);
        assertRefusedExactly(root("POST", "auth/aws/role/r", all), error);
    }

    @Test
    void recordsHoldNoSecret() throws Exception {
        String token = login("orders", signer(ordersFunction(null))).text("auth", "client_token");
        call(token, "GET", "secret/data/orders/db", null);

        assertThat(vault.requests().toString()).doesNotContain(TestSecrets.MARKER, "geheim");
        assertThat(sts.calls().toString()).doesNotContain(TestSecrets.MARKER);
    }
}
