package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.log.Log;
import io.github.vaultlambda.secrets.SecretReference.Source;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What could not be had lately, and until when Vault is left alone for it. Thread-safe. */
final class Troubles {
    private static final Log LOG = Log.of(Troubles.class);
    private static final int MOST = 1_000;

    private final RandomGenerator random;
    private final ConcurrentMap<Source, Trouble> bySource = new ConcurrentHashMap<>();
    /** When Vault was waited for in vain, whatever was asked for. */
    private volatile @Nullable Trouble silence;

    Troubles(RandomGenerator random) {
        this.random = random;
    }

    /** Why Vault is not asked for this at this moment, by whoever has these options; null when it may be. */
    @Nullable
    Trouble holding(Source source, long now, SecretOptions options) {
        Trouble trouble = bySource.get(source);
        return trouble != null && trouble.holdsAt(now, options) ? trouble : null;
    }

    /** As {@link #holding}, and also when Vault has just been waited for in vain for something else. */
    @Nullable
    Trouble holdingOrSilent(Source source, long now, SecretOptions options) {
        Trouble trouble = holding(source, now, options);
        if (trouble != null) {
            return trouble;
        }
        Trouble all = silence;
        return all != null && all.holdsAt(now) ? all : null;
    }

    /** Vault said no. */
    void noteRefusal(Source source, VaultException failure, long now, long pauseMillis) {
        note(source, Trouble.refusal(failure, now, pauseMillis), now);
    }

    /** Vault said nothing about a secret whose old value serves on. */
    Trouble noteOutage(SecretReference reference, VaultUnavailableException failure, long now) {
        Trouble known = bySource.get(reference.source());
        if (known != null && !known.refusal() && known.holdsAt(now)) {
            return known; // noted by another thread that waited for the same
        }
        Trouble trouble = Trouble.outage(failure, now, known, random.nextDouble());
        note(reference.source(), trouble, now);
        if (trouble.failures() == 1) {
            LOG.warn("{} cannot be read anew, so its old value serves on: {}", reference, failure.getMessage());
        }
        return trouble;
    }

    /** Vault was waited for in vain: nobody who has an old value waits for a second secret in the pause. */
    void noteSilence(VaultUnavailableException failure, long now) {
        Trouble known = silence;
        if (known == null || !known.holdsAt(now)) {
            silence = Trouble.outage(failure, now, known, random.nextDouble());
        }
    }

    private void note(Source source, Trouble trouble, long now) {
        if (bySource.size() >= MOST) {
            bySource.values().removeIf(other -> !other.holdsAt(now));
            if (bySource.size() >= MOST) {
                bySource.clear();
            }
        }
        bySource.put(source, trouble);
    }

    /** Vault has answered, and gave this or renewed it. */
    void end(Source source) {
        bySource.remove(source);
        if (silence != null) {
            silence = null;
        }
    }

    void clear() {
        bySource.clear();
        silence = null;
    }
}
