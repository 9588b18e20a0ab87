package io.github.vaultlambda.secrets;

import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.log.Log;
import java.time.Duration;

/** The variables that say how fresh secrets are kept, for rooms that read their own variables as well. */
public final class SecretSettings {
    private static final Log LOG = Log.of(SecretSettings.class);
    private static final String TTL = "VAULT_DEFAULT_CACHE_TTL";

    private SecretSettings() {}

    /** The options for all secrets; what is wrong becomes a fault of the settings. */
    public static SecretOptions options(EnvironmentSettings settings) {
        SecretOptions options = SecretOptions.defaults();
        if (settings.isSet(TTL)) {
            Duration ttl = settings.lenientDuration(TTL);
            if (ttl == null) {
                // vault-lambda-extension takes any text here, so it is no fault.
                LOG.warn("{} is no duration such as 60s, so it is not used", TTL);
            } else {
                options = options.withTtl(ttl);
            }
        }
        return options.withMaxStale(settings.duration("VAULT_CACHE_MAX_STALE", options.maxStale()));
    }

    /** Whether leases are revoked when secrets are closed. */
    public static boolean revokesLeases(EnvironmentSettings settings) {
        return settings.flag("VAULT_REVOKE_LEASES_ON_CLOSE", false);
    }
}
