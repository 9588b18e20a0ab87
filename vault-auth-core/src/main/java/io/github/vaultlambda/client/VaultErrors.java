package io.github.vaultlambda.client;

import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.http.TransportException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns what went wrong into the exception for it. */
final class VaultErrors {
    private static final int MAX_ERROR_CHARS = 1_000;

    private VaultErrors() {}

    static SecretValue parseSuccess(VaultRequest request, HttpTransport.Reply reply) {
        if (reply.body().length == 0) {
            return SecretValue.emptyObject();
        }
        try {
            SecretValue body = SecretValue.parse(reply.body());
            if (body.kind() == SecretValue.Kind.OBJECT) {
                return body;
            }
            throw unintelligible(request, reply.status(), "JSON " + body.kind() + " instead of an object");
        } catch (IOException e) {
            throw unintelligible(request, reply.status(), String.valueOf(e.getMessage()));
        }
    }

    /** The exception for an answer that is no success. */
    static VaultException from(VaultRequest request, HttpTransport.Reply reply) {
        int status = reply.status();
        if (status == 400 && isPlaintextRefusal(reply.body())) {
            return new VaultTlsException(VaultFailure.of(
                            "Vault answered " + request + " with 400: it wants TLS, and the request came without")
                    .withStatus(status)
                    .withPath(request.path())
                    .withHint("the address of a server with TLS begins with https://: correct VAULT_ADDR"));
        }
        SecretValue body = bodyOf(reply);
        if (body == null) {
            if (status >= 400 && status != 403 && !mayPass(status)) {
                return unintelligible(request, status, "no JSON");
            }
            body = SecretValue.emptyObject(); // a load balancer's page, say; as a 403 it may hide Vault's, which heals
        }
        List<String> errors = shortened(body.texts("errors"));
        String path = request.path();
        String said = errors.isEmpty() ? "" : ": " + String.join("; ", errors);
        VaultFailure failure = VaultFailure.of("Vault answered " + request + " with " + status + said)
                .withStatus(status)
                .withPath(path)
                .withErrors(errors)
                .withWarnings(shortened(body.texts("warnings")));
        if (status == 403) {
            return new VaultPermissionException(failure.withHint(permissionHint(said, path)));
        }
        if (status == 404) {
            return new VaultNotFoundException(failure.withHint(notFoundHint(body, path)), body);
        }
        if (status == 503 && said.contains("sealed")) {
            return new VaultSealedException(failure.withHint("an operator has to unseal it"));
        }
        if (mayPass(status)) {
            return new VaultUnavailableException(failure);
        }
        return new VaultRequestException(failure);
    }

    static VaultException unintelligible(VaultRequest request, int status, String why) {
        return new VaultResponseException(VaultFailure.of("The answer to " + request
                        + (status == 0 ? "" : " (status " + status + ")") + " is none of Vault's: " + why)
                .withStatus(status)
                .withPath(request.path())
                .withHint("check that VAULT_ADDR leads to Vault itself"));
    }

    static VaultException unreachable(VaultRequest request, URI address, IOException cause) {
        String why = cause instanceof TransportException ? String.valueOf(cause.getMessage()) : cause.toString();
        VaultFailure failure = VaultFailure.of("Vault at " + address + " did not answer " + request + ": " + why)
                .withPath(request.path())
                .withCause(cause);
        if (!(cause instanceof TransportException trouble)) {
            return new VaultUnavailableException(failure);
        }
        failure = failure.withHint(hint(trouble));
        return switch (trouble.kind()) {
            case ANSWER_TOO_LARGE, MALFORMED_ANSWER -> unintelligible(request, 0, why);
            case ANSWER_TIMEOUT -> outOfTime(request, address, cause);
            default ->
                trouble.kind().isTls() && trouble.kind().isPermanent()
                        ? new VaultTlsException(failure)
                        : new VaultUnavailableException(failure);
        };
    }

    private static @Nullable String hint(TransportException trouble) {
        return switch (trouble.kind()) {
            case CONNECTION_REFUSED, UNREACHABLE, CONNECT_TIMEOUT ->
                "check VAULT_ADDR, and that the function's network can reach it";
            case UNKNOWN_HOST -> "check VAULT_ADDR, and that the function's network resolves it";
            default -> trouble.hint();
        };
    }

    static VaultException interrupted(String waitedTo, String path) {
        return new VaultUnavailableException(
                VaultFailure.of("The thread was interrupted while it waited to " + waitedTo)
                        .withPath(path));
    }

    /** The exception of the last login again, for somebody who cannot wait until the next may be tried. */
    static VaultException loginNotTried(VaultException last, int failures, long leftMillis, Instant end) {
        String failed = failures == 1 ? "the last one failed" : "the last " + failures + " failed";
        VaultFailure failure = VaultFailure.again(
                last,
                "No new login was tried, as " + failed + ": the next may begin in " + (leftMillis + 999) / 1_000
                        + " s, at " + end.truncatedTo(ChronoUnit.SECONDS));
        if (last instanceof VaultSealedException) {
            return new VaultSealedException(failure);
        }
        return last instanceof VaultResponseException
                ? new VaultResponseException(failure)
                : new VaultUnavailableException(failure);
    }

    static VaultException overRateLimit(VaultRequest request) {
        return new VaultUnavailableException(
                VaultFailure.of(request + " was not sent: too many requests for this limit")
                        .withPath(request.path())
                        .withHint("VAULT_RATE_LIMIT sets the limit"));
    }

    static VaultException outOfTime(VaultRequest request, URI address, @Nullable Throwable cause) {
        return new VaultUnavailableException(VaultFailure.of(
                        "Vault at " + address + " did not answer " + request + " in time")
                .withPath(request.path())
                .withHint("check that the function's network can reach it; VAULT_CLIENT_TIMEOUT and the function's own"
                        + " time-out limit the wait")
                .withCause(cause));
    }

    private static @Nullable String permissionHint(String said, String path) {
        if (said.contains("invalid token")) {
            return "the token has come to its end or was revoked";
        }
        if (path.startsWith("auth/") && (path.endsWith("/login") || path.contains("/login/"))) {
            return null; // no policy applies before a login; the login method knows what to hint at
        }
        String hint = "give the policy of this Vault role the capability for this path";
        return path.contains("/data/") || path.startsWith("auth/") || path.startsWith("sys/")
                ? hint
                : hint + "; for a KV v2 engine the path has data/ after the mount";
    }

    private static String notFoundHint(SecretValue body, String path) {
        List<String> warnings = body.texts("warnings");
        if (!warnings.isEmpty()) {
            return shortened(warnings).get(0);
        }
        SecretValue data = body.field("data");
        SecretValue metadata = data == null ? null : data.field("metadata");
        if (metadata != null) {
            return goneHint(metadata);
        }
        return path.contains("/data/")
                ? "check the path"
                : "check the path; for a KV v2 engine it has data/ after the mount";
    }

    /** Of KV v2: a version that there was. */
    private static String goneHint(SecretValue metadata) {
        long version = metadata.number("version", 0);
        String which = version > 0 ? "version " + version + " of the secret" : "this version of the secret";
        if (metadata.isTrue("destroyed")) {
            return which + " is destroyed for good; write it anew, or read another version";
        }
        String time = metadata.text("deletion_time");
        return which + " was deleted" + (time == null || time.isEmpty() ? "" : " at " + time)
                + "; undelete it, write it anew, or read another version";
    }

    /** Whether it is what Go's server, and so Vault's, answers to plain HTTP at a port of TLS. */
    private static boolean isPlaintextRefusal(byte[] body) {
        return body.length < 100
                && new String(body, StandardCharsets.ISO_8859_1).contains("an HTTP request to an HTTPS server");
    }

    private static boolean mayPass(int status) {
        return status == 412 || status == 429 || status == 472 || status == 473 || status >= 500;
    }

    /** Null when it is no JSON, which Vault's own refusals always are. */
    private static @Nullable SecretValue bodyOf(HttpTransport.Reply reply) {
        if (reply.body().length == 0) {
            return SecretValue.emptyObject();
        }
        try {
            return SecretValue.parse(reply.body());
        } catch (IOException e) {
            return null;
        }
    }

    /** One line each and not endless: these texts end in logs. */
    private static List<String> shortened(List<String> texts) {
        List<String> lines = new ArrayList<>();
        for (String text : texts) {
            String line = text.strip().replaceAll("\\s+", " ");
            lines.add(line.length() > MAX_ERROR_CHARS ? line.substring(0, MAX_ERROR_CHARS) + "..." : line);
        }
        return lines;
    }
}
