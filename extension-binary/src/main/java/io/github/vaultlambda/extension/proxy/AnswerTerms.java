package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.client.SecretValue;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * For whom and for how long an answer of Vault's is good, as far as it says so itself.
 *
 * @param personal whether it was made for who asked: it wraps something, or brings a token
 * @param leased whether it has a lease, which ends with the token that it was asked for with
 * @param endMillis when it ends, by the wall clock; {@link #NEVER} when it does not say
 * @see <a href="https://developer.hashicorp.com/vault/docs/concepts/lease">Vault: lease, renew, and revoke</a>
 */
record AnswerTerms(boolean personal, boolean leased, long endMillis) {
    static final long NEVER = Long.MAX_VALUE;
    private static final AnswerTerms NONE = new AnswerTerms(false, false, NEVER);
    /** A leased value is used after it was handed out, so the last of its life is kept back: a tenth, 2 s at most. */
    private static final long LONGEST_MARGIN_MILLIS = 2_000;
    /** The end of the year 9999, which certificates have that are to have no end. */
    private static final long LATEST_SECONDS = 253_402_300_799L;

    /**
     * The terms of an answer with this content.
     *
     * @param sentAtMillis when it was asked for
     */
    static AnswerTerms of(byte[] content, long sentAtMillis) {
        SecretValue answer = parsed(content);
        if (answer == null) {
            return NONE;
        }
        boolean personal = isThere(answer.field("wrap_info")) || isThere(answer.field("auth"));
        String leaseId = answer.text("lease_id");
        boolean leased = leaseId != null && !leaseId.isEmpty();
        long leaseSeconds = answer.number("lease_duration", 0);
        long end = NEVER;
        if (leaseSeconds > 0) {
            long millis = Math.min(leaseSeconds, LATEST_SECONDS) * 1000;
            end = sentAtMillis + millis - (leased ? Math.min(millis / 10, LONGEST_MARGIN_MILLIS) : 0);
        }
        SecretValue data = answer.field("data");
        if (data != null && data.kind() == SecretValue.Kind.OBJECT) {
            end = Math.min(end, endOf(data, sentAtMillis));
        }
        return new AnswerTerms(personal, leased, end);
    }

    private static long endOf(SecretValue data, long sentAtMillis) {
        long ttl = data.number("ttl", -1);
        boolean rotates = isThere(data.field("last_vault_rotation"));
        if (ttl > 0 || (ttl == 0 && rotates)) {
            return sentAtMillis + Math.min(ttl, LATEST_SECONDS) * 1000; // of a static role, of a token
        }
        long expiration = isThere(data.field("serial_number")) ? data.number("expiration", 0) : 0;
        return expiration > sentAtMillis / 1000 ? Math.min(expiration, LATEST_SECONDS) * 1000 : NEVER;
    }

    private static boolean isThere(@Nullable SecretValue value) {
        return value != null && !value.isNull();
    }

    /** Null when it is no JSON object: a certificate, say. */
    private static @Nullable SecretValue parsed(byte[] content) {
        if (content.length == 0 || content[0] != '{') {
            return null;
        }
        try {
            return SecretValue.parse(content);
        } catch (IOException e) {
            return null;
        }
    }
}
