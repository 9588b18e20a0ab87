package io.github.vaultlambda.extension.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.VaultToken;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Tells how the proxy is, at a path that Vault will never have: whether a token is alive, and the counters. Asks nobody for it, so it
 * answers also when Vault does not. Never holds a secret. Thread-safe.
 */
final class Health {
    static final String PATH = "/-/health";

    private final VaultSession session;
    private final InstantSource clock;
    private final @Nullable AnswerCache cache;
    private final ProxyCounters counters;

    Health(VaultSession session, @Nullable AnswerCache cache, ProxyCounters counters) {
        this.session = session;
        this.clock = session.platform().clock();
        this.cache = cache;
        this.counters = counters;
    }

    /** 200 with a living token, otherwise 503. */
    WholeAnswer answer() {
        VaultToken token = session.heldToken();
        StringBuilder json = new StringBuilder(400)
                .append("{\"status\":\"")
                .append(token == null ? "no token" : "ready")
                .append("\",\"token\":{\"alive\":")
                .append(token != null);
        Instant end = token == null ? null : token.expiresAt();
        if (end != null) {
            json.append(",\"seconds_left\":").append((end.toEpochMilli() - clock.millis()) / 1000);
        }
        json.append('}');
        number(json.append(",\"proxy\":{"), "requests", counters.requests());
        number(json.append(','), "cache_hits", counters.hits());
        number(json.append(','), "coalesced", counters.coalesced());
        number(json.append(','), "stale", counters.stale());
        number(json.append(','), "refused", counters.refused());
        number(json.append(','), "retries", counters.retries());
        number(json.append(','), "upstream_errors", counters.upstreamErrors());
        if (cache != null) {
            number(json.append("},\"cache\":{"), "answers", cache.size());
            number(json.append(','), "bytes", cache.bytes());
        }
        byte[] content = json.append("}}\n").toString().getBytes(US_ASCII);
        int status = token == null ? 503 : 200;
        return WholeAnswer.of(
                status,
                AnswerHeads.ofOurs(status, "application/json", content.length, "Cache-Control: no-store\r\n"),
                content);
    }

    private static void number(StringBuilder json, String name, long value) {
        json.append('"').append(name).append("\":").append(value);
    }
}
