package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.client.VaultToken;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An answer in the cache, and how long it is good. Judged when it is used, by the wall clock, because Lambda freezes the process
 * in between. Thread-safe.
 */
final class KeptAnswer {
    /** A clock that stands this far before the answer was asked for has been set back: what it says of its age is void. */
    private static final long LARGEST_STEP_BACK_MILLIS = 1_000;
    /** How long Vault is left alone after it could not answer, while the old answer serves; doubled each time. */
    private static final long FIRST_REST_MILLIS = 1_000;

    private static final long LONGEST_REST_MILLIS = 32_000;

    private final WholeAnswer answer;
    private final long sentAtMillis;
    private final long freshUntilMillis;
    private final long endMillis;
    private final boolean leased;
    private final @Nullable VaultToken token;
    private final AtomicBoolean refreshing = new AtomicBoolean();
    private volatile long restedSinceMillis;
    private volatile long restMillis;

    private KeptAnswer(
            WholeAnswer answer,
            long sentAtMillis,
            long freshUntilMillis,
            AnswerTerms terms,
            @Nullable VaultToken token) {
        this.answer = answer;
        this.sentAtMillis = sentAtMillis;
        this.freshUntilMillis = freshUntilMillis;
        this.endMillis = terms.endMillis();
        this.leased = terms.leased();
        this.token = token;
    }

    /**
     * An answer that was asked for at this moment.
     *
     * @param token the session's token that it was asked for with, or null for a client's own
     */
    static KeptAnswer of(
            WholeAnswer answer, long sentAtMillis, Duration ttl, AnswerTerms terms, @Nullable VaultToken token) {
        long fresh = sentAtMillis + Math.min(ttl.toMillis(), Long.MAX_VALUE / 4);
        return new KeptAnswer(answer, sentAtMillis, Math.min(fresh, terms.endMillis()), terms, token);
    }

    WholeAnswer answer() {
        return answer;
    }

    /** Whether it is as good as a new one at this moment. */
    boolean isFreshAt(long nowMillis) {
        return nowMillis < freshUntilMillis && isJudgedAt(nowMillis);
    }

    /** Whether it may serve at this moment while Vault cannot be asked. */
    boolean isBearableAt(long nowMillis, Duration maxStale) {
        return !maxStale.isZero()
                && nowMillis < endMillis
                && nowMillis - freshUntilMillis < maxStale.toMillis()
                && isJudgedAt(nowMillis);
    }

    /** Whether it hangs on a token of the session that is not this one. A lease ends with its token. */
    boolean isOfAnother(@Nullable VaultToken held) {
        return leased && token != null && (held == null || !token.isSameAs(held));
    }

    boolean isLeased() {
        return leased;
    }

    /** Its age in whole seconds. */
    long ageSeconds(long nowMillis) {
        return Math.max(0, nowMillis - sentAtMillis) / 1000;
    }

    /** Whether Vault could not answer a moment ago, so that this serves without asking. */
    boolean restsAt(long nowMillis) {
        return nowMillis >= restedSinceMillis && nowMillis - restedSinceMillis < restMillis;
    }

    /** Vault could not answer at this moment. */
    void rest(long nowMillis) {
        restMillis = Math.min(Math.max(2 * restMillis, FIRST_REST_MILLIS), LONGEST_REST_MILLIS);
        restedSinceMillis = nowMillis;
    }

    /** Whether this call is the first to find that four fifths of its fresh time are over. */
    boolean claimRefreshAt(long nowMillis) {
        long due = freshUntilMillis - (freshUntilMillis - sentAtMillis) / 5;
        return nowMillis >= due && !refreshing.get() && refreshing.compareAndSet(false, true);
    }

    /** The refresh came to nothing; another use may begin the next. */
    void releaseRefresh() {
        refreshing.set(false);
    }

    int weight() {
        return answer.bytes().length + 300;
    }

    private boolean isJudgedAt(long nowMillis) {
        return nowMillis >= sentAtMillis - LARGEST_STEP_BACK_MILLIS;
    }
}
