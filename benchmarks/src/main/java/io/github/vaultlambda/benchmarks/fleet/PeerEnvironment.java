package io.github.vaultlambda.benchmarks.fleet;

import io.github.vaultlambda.benchmarks.fleet.VaultModel.Outcome;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A function beside HashiCorp's vault-lambda-extension 0.14 as its behaviour was measured: it logs in before anything else, and
 * when that fails its process ends, with which Lambda ends the invocation and starts the environment anew for the next one. Three
 * tries, whose waits are n times 1.0 to 1.5 s whatever Vault says; requests of the function are passed on once; a token is judged
 * when a request comes, and a 403 is passed on.
 */
final class PeerEnvironment implements Environment {
    private static final int TRIES = 3;
    private static final long OPERATION_MICROS = 60_000_000;
    /** Lambda ends an environment that is not ready by then. */
    private static final long INIT_MICROS = 10_000_000;
    /** What the function waits for its proxy, which has no time-out itself. */
    private static final long FUNCTION_MICROS = 9_000_000;

    private static final long GRACE_MICROS = 10_000_000;
    private static final long RESTART_MICROS = 200_000;
    private static final int NONE = -1;

    private final VirtualTime time;
    private final VaultModel vault;
    private final SplittableRandom random;
    private final long cacheMicros;
    private boolean running;
    private @Nullable String token;
    private long tokenEnds;
    private long tokenLife;
    private int cached = NONE;
    private long cachedUntil;

    /** With {@code cacheMicros} zero its cache is off, which is its default. */
    PeerEnvironment(VirtualTime time, VaultModel vault, long cacheMicros, long seed) {
        this.time = time;
        this.vault = vault;
        this.cacheMicros = cacheMicros;
        this.random = new SplittableRandom(seed);
    }

    @Override
    public int invoke() {
        if (!running) {
            if (!login(INIT_MICROS)) {
                time.pauseUntil(time.micros() + RESTART_MICROS);
                return FAILED;
            }
            running = true;
        }
        if (!haveToken()) {
            return FAILED;
        }
        if (cached != NONE && time.micros() < cachedUntil) {
            return cached;
        }
        String mine = token;
        if (mine == null || vault.read(mine, FUNCTION_MICROS) != Outcome.ANSWERED) {
            return FAILED;
        }
        if (cacheMicros > 0) {
            cached = vault.version();
            cachedUntil = time.micros() + cacheMicros;
        }
        return vault.version();
    }

    @Override
    public void afterwards() {}

    private boolean haveToken() {
        long now = time.micros();
        if (now + GRACE_MICROS > tokenEnds) {
            return login(OPERATION_MICROS);
        }
        if ((tokenEnds - now) * 5 < tokenLife) {
            renew();
        }
        return true;
    }

    private boolean login(long within) {
        Outcome outcome = tried(null, within);
        if (outcome == Outcome.ANSWERED) {
            token = vault.newToken();
            cached = NONE; // its key has the token in it
            counted();
        }
        return outcome == Outcome.ANSWERED;
    }

    private void renew() {
        if (tried(token, OPERATION_MICROS) == Outcome.ANSWERED) {
            counted();
        }
    }

    private void counted() {
        tokenLife = vault.tokenSeconds() * 1_000_000L;
        tokenEnds = time.micros() + tokenLife;
    }

    /** A renewal of this token, or a login when there is none. */
    private Outcome tried(@Nullable String renewed, long within) {
        long end = time.micros() + within;
        for (int attempt = 1; ; attempt++) {
            long left = end - time.micros();
            Outcome outcome = renewed == null ? vault.login(left) : vault.renew(renewed, left);
            if (outcome == Outcome.ANSWERED || outcome == Outcome.DENIED || attempt == TRIES) {
                return outcome;
            }
            long wait = (long) (attempt * random.nextDouble(1_000_000, 1_500_000));
            if (time.micros() + wait >= end) {
                time.pauseUntil(end);
                return Outcome.TIMED_OUT;
            }
            time.pauseUntil(time.micros() + wait);
        }
    }
}
