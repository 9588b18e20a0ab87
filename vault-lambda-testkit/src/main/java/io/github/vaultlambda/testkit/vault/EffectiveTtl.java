package io.github.vaultlambda.testkit.vault;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** How long a token or a lease lives from now on, by Vault's rule. Times are whole seconds there, as they are here. */
final class EffectiveTtl {
    private EffectiveTtl() {}

    /**
     * The seconds that are granted; zero or less when the greatest TTL has passed.
     *
     * @param increment what was asked for; zero for nothing
     * @param start when it was issued, from which the greatest TTL counts
     * @param warnings takes a line when less is granted than asked for
     */
    static long seconds(
            Instant now, long increment, TokenEntry.Lifetime lifetime, Instant start, List<String> warnings) {
        long max = TokenStore.SYSTEM_TTL;
        if (lifetime.maxTtl() > 0) {
            max = Math.min(max, lifetime.maxTtl());
        }
        if (lifetime.explicitMaxTtl() > 0) {
            max = Math.min(max, lifetime.explicitMaxTtl());
        }
        long ttl;
        long latest;
        if (lifetime.period() > 0) {
            ttl = lifetime.period();
            if (ttl > max) {
                warnings.add("period of \"" + GoDuration.text(ttl) + "\" exceeded the effective max_ttl of \""
                        + GoDuration.text(max) + "\"; period value is capped accordingly");
                ttl = max;
            }
            latest = lifetime.explicitMaxTtl();
        } else {
            ttl = increment > 0 ? increment : lifetime.ttl() > 0 ? lifetime.ttl() : TokenStore.SYSTEM_TTL;
            latest = max;
        }
        if (latest > 0) {
            long left = Duration.between(
                            now.truncatedTo(ChronoUnit.SECONDS),
                            start.truncatedTo(ChronoUnit.SECONDS).plusSeconds(latest))
                    .toSeconds();
            if (ttl > left && left > 0) {
                warnings.add("TTL of \"" + GoDuration.text(ttl) + "\" exceeded the effective max_ttl of \""
                        + GoDuration.text(left) + "\"; TTL value is capped accordingly");
            }
            ttl = Math.min(ttl, left);
        }
        return ttl;
    }
}
