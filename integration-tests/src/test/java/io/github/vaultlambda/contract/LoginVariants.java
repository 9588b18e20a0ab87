package io.github.vaultlambda.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A genuine login, spoilt in one place each, and what every engine answers to it. */
final class LoginVariants {
    private LoginVariants() {}

    /** What is changed in a login's body, and the answer expected, as in {@link RawAnswers}. */
    record Variant(String name, Consumer<ObjectNode> change, List<String> answer) {
        Variant(String name, Consumer<ObjectNode> change, String... answer) {
            this(name, change, List.of(answer));
        }

        /** The genuine body with the change. */
        String applyTo(String genuine) {
            ObjectNode body = object(genuine);
            change.accept(body);
            return body.toString();
        }
    }

    private static final String NOT_ALL_THERE = "didn't supply required authentication values";
    private static final String SERVER_ID = "error validating X-Vault-AWS-IAM-Server-ID header: ";
    private static final String HEADERS =
            "Field validation failed: error converting input for field \"iam_request_headers\": ";

    static final List<Variant> TABLE = List.of(
            new Variant("genuine", body -> {}, "200", RawAnswers.AUTH),
            new Variant("no field at all", ObjectNode::removeAll, "400", NOT_ALL_THERE),
            new Variant("no role", body -> body.remove("role"), "400", "entry for role orders-function not found"),
            new Variant("unknown role", body -> body.put("role", "nobody"), "400", "entry for role nobody not found"),
            new Variant(
                    "role of another principal",
                    body -> body.put("role", Bench.ASSUMED_ROLE),
                    "400",
                    "IAM Principal \"arn:aws:sts::ACCOUNT:assumed-role/orders-function/test-session\" does not belong to the role \"reports\""),
            new Variant("no method", body -> body.remove("iam_http_request_method"), "400", NOT_ALL_THERE),
            new Variant(
                    "method GET",
                    body -> body.put("iam_http_request_method", "GET"),
                    "400",
                    "no action found in request"),
            new Variant("no url", body -> body.remove("iam_request_url"), "400", NOT_ALL_THERE),
            new Variant(
                    "url no base64",
                    body -> body.put("iam_request_url", "%%"),
                    "400",
                    "failed to base64 decode iam_request_url"),
            new Variant(
                    "url of another host",
                    in("iam_request_url", url -> "https://elsewhere.invalid/"),
                    "400",
                    "STS: SignatureDoesNotMatch"),
            new Variant(
                    "url with another path",
                    in("iam_request_url", url -> url + "other"),
                    "400",
                    "STS: SignatureDoesNotMatch"),
            new Variant(
                    "url with a query",
                    in("iam_request_url", url -> url + "?Action=GetCallerIdentity"),
                    "400",
                    "invalid request"),
            new Variant("no body", body -> body.remove("iam_request_body"), "400", NOT_ALL_THERE),
            new Variant(
                    "body no base64",
                    body -> body.put("iam_request_body", "%%"),
                    "400",
                    "failed to base64 decode iam_request_body"),
            new Variant(
                    "body with another action",
                    in("iam_request_body", form -> form.replace("GetCallerIdentity", "GetSessionToken")),
                    "400",
                    "iam request body is invalid"),
            new Variant("no headers", body -> body.remove("iam_request_headers"), "400", NOT_ALL_THERE),
            new Variant(
                    "headers no base64",
                    body -> body.put("iam_request_headers", "%%"),
                    "400",
                    HEADERS + "invalid character '%' looking for beginning of value"),
            new Variant(
                    "headers no JSON",
                    in("iam_request_headers", headers -> "<headers/>"),
                    "400",
                    HEADERS + "invalid character '<' looking for beginning of value"),
            new Variant(
                    "no Authorization",
                    header(headers -> headers.remove("Authorization")),
                    "400",
                    SERVER_ID + "missing Authorization header"),
            new Variant(
                    "no server id",
                    header(headers -> headers.remove("X-Vault-AWS-IAM-Server-ID")),
                    "400",
                    SERVER_ID + "missing header \"X-Vault-AWS-IAM-Server-ID\""),
            new Variant(
                    "server id changed after signing",
                    header(headers -> headers.put("X-Vault-AWS-IAM-Server-ID", "another.vault.test")),
                    "400",
                    SERVER_ID + "expected \"vault.contract.test\" but got \"another.vault.test\""),
            new Variant(
                    "server id not signed",
                    header(headers -> headers.put(
                            "Authorization",
                            headers.path("Authorization").path(0).asText().replace(";x-vault-aws-iam-server-id", ""))),
                    "400",
                    SERVER_ID + "vault header wasn't signed"),
            new Variant(
                    "header changed after signing",
                    header(headers -> headers.put("X-Amz-Date", "20260101T000000Z")),
                    "400",
                    "STS: SignatureDoesNotMatch"),
            new Variant("header names in lower case", header(LoginVariants::lowerCaseNames), "200", RawAnswers.AUTH),
            new Variant(
                    "a header that is not signed",
                    header(headers -> headers.put("X-Other", "1")),
                    "200",
                    RawAnswers.AUTH));

    private static void lowerCaseNames(ObjectNode headers) {
        ObjectNode copy = headers.deepCopy();
        headers.removeAll();
        copy.properties().forEach(header -> headers.set(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    }

    private static Consumer<ObjectNode> in(String field, UnaryOperator<String> change) {
        return body -> {
            String plain =
                    new String(Base64.getDecoder().decode(body.path(field).asText()), UTF_8);
            body.put(
                    field,
                    Base64.getEncoder().encodeToString(change.apply(plain).getBytes(UTF_8)));
        };
    }

    private static Consumer<ObjectNode> header(Consumer<ObjectNode> change) {
        return in("iam_request_headers", json -> {
            ObjectNode headers = object(json);
            change.accept(headers);
            return headers.toString();
        });
    }

    private static ObjectNode object(String json) {
        try {
            return (ObjectNode) RawVault.JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no JSON", e);
        }
    }
}
