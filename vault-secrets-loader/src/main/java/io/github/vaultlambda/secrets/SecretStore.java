package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultClient;
import io.github.vaultlambda.client.internal.SingleFlight;
import io.github.vaultlambda.log.Log;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What was read from Vault, shared by all secrets of one path. Freshness is judged at use, by wall clock. The fetch runs
 * outside of the cache, so that no lock of it is held over the network. Thread-safe.
 */
final class SecretStore {
    private static final Log LOG = Log.of(SecretStore.class);

    private final VaultClient client;
    private final InstantSource clock;
    private final Duration ttl;
    private final SecretReader reader;
    private final ReadingCache readings = new ReadingCache();
    private final SingleFlight<SecretReference.Source, Reading> flights = new SingleFlight<>();

    SecretStore(VaultClient client, InstantSource clock, Duration ttl) {
        this.client = client;
        this.clock = clock;
        this.ttl = ttl;
        this.reader = new SecretReader(client, new Mounts(clock));
    }

    /** A reading that is fresh now; fetched when there is none. The deadline defaults to the client's time-out. */
    Reading reading(SecretReference reference, @Nullable Deadline deadline) {
        SecretReference.Source source = reference.source();
        Reading kept = fresh(source);
        if (kept != null) {
            return kept;
        }
        Deadline end = deadline == null ? client.newDeadline() : deadline;
        return flights.run(source, end, new Fetch(reference, end));
    }

    /** One request to Vault. A class and not a lambda: the first lambda of a process costs a cold start some 8 ms. */
    private final class Fetch implements Supplier<Reading> {
        private final SecretReference reference;
        private final Deadline deadline;

        Fetch(SecretReference reference, Deadline deadline) {
            this.reference = reference;
            this.deadline = deadline;
        }

        @Override
        public Reading get() {
            SecretReference.Source source = reference.source();
            Reading latest = fresh(source); // another thread may have been quicker
            if (latest == null) {
                latest = Reading.of(reference, reader.read(reference, deadline).response(), ttl);
                readings.put(source, latest);
                LOG.debug("Read {}", source);
            }
            return latest;
        }
    }

    long nowMillis() {
        return clock.millis();
    }

    private @Nullable Reading fresh(SecretReference.Source source) {
        Reading kept = readings.get(source);
        return kept != null && kept.isFreshAt(nowMillis()) ? kept : null;
    }
}
