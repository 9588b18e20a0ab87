package io.github.vaultlambda.config;

import org.jspecify.annotations.Nullable;

/**
 * How many requests per second may go to Vault ({@code VAULT_RATE_LIMIT}).
 *
 * @param perSecond requests per second on average; above zero
 * @param burst how many of them may follow each other at once; at least one
 */
public record RateLimit(double perSecond, int burst) {
    /** Checks the bounds; throws IllegalArgumentException. */
    public RateLimit {
        if (!(perSecond > 0) || Double.isInfinite(perSecond) || burst < 1) {
            throw new IllegalArgumentException("a rate limit is above zero, its burst at least one");
        }
    }

    /** The notation of Vault's tools, {@code rate} or {@code rate:burst}; null when it is another. */
    static @Nullable RateLimit parse(String text) {
        int colon = text.indexOf(':');
        try {
            double rate = Double.parseDouble(colon < 0 ? text : text.substring(0, colon));
            int burst = colon < 0 ? (int) Math.max(1, rate) : Integer.parseInt(text.substring(colon + 1));
            return rate > 0 && !Double.isInfinite(rate) && burst >= 1 ? new RateLimit(rate, burst) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
