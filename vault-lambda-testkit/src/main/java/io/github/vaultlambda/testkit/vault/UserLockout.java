package io.github.vaultlambda.testkit.vault;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the failed logins of one mount and locks who fails too often, as Vault does for userpass and AppRole with its default
 * settings. Called with Vault's lock held.
 */
final class UserLockout {
    private static final int THRESHOLD = 5;
    /** How long a lock holds; a count that is older begins anew. */
    private static final Duration LASTING = Duration.ofMinutes(15);

    private record Failures(int count, Instant last) {}

    private final InstantSource clock;
    private final Map<String, Failures> failures = new HashMap<>();

    UserLockout(InstantSource clock) {
        this.clock = clock;
    }

    /** Refuses a login by this name while it is locked, whatever else is right about it. */
    void check(String name) throws VaultFailure {
        Failures known = failures.get(name);
        if (known != null && known.count() >= THRESHOLD && isRecent(known)) {
            throw new VaultFailure(403, List.of("permission denied"));
        }
    }

    /** Counts a login with wrong credentials. */
    void failed(String name) {
        Failures known = failures.get(name);
        failures.put(name, new Failures(known != null && isRecent(known) ? known.count() + 1 : 1, clock.instant()));
    }

    /** A login that succeeds clears the count. */
    void passed(String name) {
        failures.remove(name);
    }

    private boolean isRecent(Failures known) {
        return clock.instant().isBefore(known.last().plus(LASTING));
    }
}
