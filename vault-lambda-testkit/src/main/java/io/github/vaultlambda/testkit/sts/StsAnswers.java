package io.github.vaultlambda.testkit.sts;

import io.github.vaultlambda.testkit.wire.HeaderList;
import io.github.vaultlambda.testkit.wire.HttpAnswer;
import io.github.vaultlambda.testkit.wire.Mint;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The XML that STS and IAM answer with. */
final class StsAnswers {
    private static final String STS = "https://sts.amazonaws.com/doc/2011-06-15/";
    private static final String IAM = "https://iam.amazonaws.com/doc/2010-05-08/";

    private StsAnswers() {}

    static HttpAnswer callerIdentity(Caller caller) {
        return success(
                STS,
                "GetCallerIdentity",
                element("Arn", caller.arn())
                        + element("UserId", caller.userId())
                        + element("Account", caller.account()));
    }

    static HttpAnswer assumeRole(AccessKey session) {
        Caller caller = session.caller();
        String user = element("AssumedRoleId", caller.userId()) + element("Arn", caller.arn());
        String credentials = element("AccessKeyId", session.id())
                + element("SecretAccessKey", session.secret())
                + element("SessionToken", session.sessionToken())
                + element(
                        "Expiration",
                        session.expiration().truncatedTo(ChronoUnit.SECONDS).toString());
        return success(
                STS,
                "AssumeRole",
                "<AssumedRoleUser>" + user + "</AssumedRoleUser><Credentials>" + credentials + "</Credentials>");
    }

    static HttpAnswer webIdentityToken(String token, Instant expiration) {
        return success(
                STS,
                "GetWebIdentityToken",
                element("WebIdentityToken", token)
                        + element(
                                "Expiration",
                                expiration.truncatedTo(ChronoUnit.SECONDS).toString()));
    }

    static HttpAnswer getRole(RoleState role) {
        return success(
                IAM,
                "GetRole",
                "<Role>" + element("Path", "/") + element("Arn", role.arn) + element("RoleName", role.name)
                        + element("RoleId", role.id) + "</Role>");
    }

    static HttpAnswer getUser(Caller user) {
        String name = user.arn().substring(user.arn().lastIndexOf('/') + 1);
        return success(
                IAM,
                "GetUser",
                "<User>" + element("Path", "/") + element("Arn", user.arn()) + element("UserName", name)
                        + element("UserId", user.userId()) + "</User>");
    }

    static HttpAnswer failure(StsFailure failure) {
        String type = failure.status() >= 500 ? "Receiver" : "Sender";
        return xml(
                failure.status(),
                "<ErrorResponse xmlns=\"" + STS + "\">\n  <Error>\n    " + element("Type", type) + "\n    "
                        + element("Code", failure.code()) + "\n    " + element("Message", failure.text())
                        + "\n  </Error>\n  ",
                "\n</ErrorResponse>\n");
    }

    private static HttpAnswer success(String namespace, String action, String result) {
        return xml(
                200,
                "<" + action + "Response xmlns=\"" + namespace + "\">\n  <" + action + "Result>" + result + "</"
                        + action + "Result>\n  <ResponseMetadata>",
                "</ResponseMetadata>\n</" + action + "Response>\n");
    }

    private static HttpAnswer xml(int status, String before, String after) {
        String requestId = Mint.uuid();
        String body = before + element("RequestId", requestId) + after;
        return new HttpAnswer(
                status,
                new HeaderList().add("x-amzn-RequestId", requestId).add("Content-Type", "text/xml"),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private static String element(String name, @Nullable String text) {
        String safe = text == null ? "" : text;
        return "<" + name + ">"
                + safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + "</" + name + ">";
    }
}
