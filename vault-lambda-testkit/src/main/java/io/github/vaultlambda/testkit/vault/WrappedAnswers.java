package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Json;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers that wait in a wrapping token. Called with Vault's lock held. */
final class WrappedAnswers {
    static final String WRAP = "sys/wrapping/wrap";
    static final String LOOKUP = "sys/wrapping/lookup";
    private static final String UNWRAP = "sys/wrapping/unwrap";
    private static final String REWRAP = "sys/wrapping/rewrap";

    /** What is done with a wrapping token once its caller is allowed to. */
    @FunctionalInterface
    interface Opening {
        VaultAnswer open() throws VaultFailure;
    }

    private record Held(int status, String json, String path, long seconds, String created, String accessor) {}

    private final InstantSource clock;
    private final TokenStore tokens;
    private final Map<TokenEntry, Held> held = new HashMap<>();

    WrappedAnswers(InstantSource clock, TokenStore tokens) {
        this.clock = clock;
        this.tokens = tokens;
    }

    /** The X-Vault-Wrap-TTL header in seconds; zero without one. */
    static long seconds(@Nullable String header) throws VaultFailure {
        if (header == null || header.isEmpty()) {
            return 0;
        }
        String fault;
        try {
            long seconds = GoDuration.seconds(header);
            if (seconds >= 0) {
                return seconds;
            }
            fault = "requested wrap ttl cannot be negative";
        } catch (NumberFormatException e) {
            fault = "time: invalid duration \"" + header + "\"";
        }
        throw VaultFailure.bad("error parsing X-Vault-Wrap-TTL header: " + fault);
    }

    /** Whether this path works on a wrapping token. */
    boolean holds(String path) {
        return path.equals(LOOKUP) || path.equals(UNWRAP) || path.equals(REWRAP);
    }

    /** Keeps an answer's text and tells where. */
    VaultAnswer wrap(String path, long seconds, String json, VaultAnswer answer) throws VaultFailure {
        Object accessor = answer.auth() != null
                ? answer.auth().get("accessor")
                : answer.data() == null ? null : answer.data().get("secret_id_accessor");
        String created = clock.instant().toString();
        return keep(
                new Held(answer.status(), json, path, seconds, created, accessor == null ? "" : accessor.toString()),
                answer.status() == 200 ? answer.warnings() : List.of());
    }

    private VaultAnswer keep(Held answer, List<String> warnings) throws VaultFailure {
        TokenEntry token = tokens.issue(
                new TokenStore.Order(
                        List.of(PolicyStore.WRAPPING),
                        "",
                        answer.path(),
                        false,
                        true,
                        false,
                        "",
                        null,
                        new TokenEntry.Lifetime(answer.seconds(), 0, 0, answer.seconds()),
                        1,
                        null),
                new ArrayList<>());
        held.keySet().removeIf(entry -> tokens.find(entry.id) == null);
        held.put(token, answer);
        Map<String, @Nullable Object> info = new LinkedHashMap<>();
        info.put("token", token.id);
        info.put("accessor", token.accessor);
        info.put("ttl", answer.seconds());
        info.put("creation_time", answer.created());
        info.put("creation_path", answer.path());
        if (!answer.accessor().isEmpty()) {
            info.put("wrapped_accessor", answer.accessor());
        }
        VaultAnswer shown = VaultAnswer.none().withWarnings(warnings);
        return VaultAnswer.unwrapped(Json.write(shown.envelope("", info, "")) + "\n");
    }

    /** The wrapping token that a call names: in its body, or as the caller itself. */
    TokenEntry token(Fields fields, String caller) throws VaultFailure {
        Object named = fields.raw().get("token");
        String fault = null;
        if (named != null && !(named instanceof String)) {
            fault = "could not decode token in request body";
        } else if (named != null && named.toString().isEmpty()) {
            fault = "empty token in request body";
        } else if (named == null && caller.isEmpty()) {
            fault = "token is empty";
        }
        if (fault != null) {
            throw new VaultFailure(403, List.of("error validating wrapping token: " + fault));
        }
        TokenEntry token = tokens.find(named == null ? caller : named.toString());
        if (token == null || !held.containsKey(token)) {
            throw VaultFailure.bad("wrapping token is not valid or does not exist");
        }
        return token;
    }

    VaultAnswer lookUp(TokenEntry token) throws VaultFailure {
        Held answer = find(token);
        return VaultAnswer.data(Map.of(
                "creation_path", answer.path(),
                "creation_time", answer.created(),
                "creation_ttl", answer.seconds()));
    }

    /** Ends the wrapping token and gives out its answer, or wraps it anew. */
    VaultAnswer open(VaultCall call, TokenEntry token) throws VaultFailure {
        if (!call.operation().writes()) {
            throw Backend.unsupportedOperation();
        }
        Held answer = find(token);
        tokens.revoke(token);
        held.remove(token);
        if (call.path().equals(UNWRAP)) {
            return VaultAnswer.unwrapped(answer.json()).withStatus(answer.status());
        }
        return keep(
                new Held(
                        answer.status(),
                        answer.json(),
                        answer.path(),
                        answer.seconds(),
                        clock.instant().toString(),
                        ""),
                List.of());
    }

    private Held find(TokenEntry token) throws VaultFailure {
        Held answer = held.get(token);
        if (answer == null) {
            throw VaultFailure.bad("wrapping token is not valid or does not exist");
        }
        return answer;
    }
}
