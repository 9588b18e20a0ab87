package io.github.vaultlambda.config;

import io.github.vaultlambda.http.ProxyOptions;

/** The variables that lead requests to Vault through a forward proxy. Vault's own win over the standard ones. */
final class ProxySettings {
    private ProxySettings() {}

    static ProxyOptions read(EnvironmentSettings settings) {
        String variable = settings.text("VAULT_PROXY_ADDR") == null ? "VAULT_HTTP_PROXY" : "VAULT_PROXY_ADDR";
        String address = settings.text(variable);
        if (address == null) {
            return settings.standardProxies();
        }
        try {
            return ProxyOptions.always(address, variable);
        } catch (IllegalArgumentException e) {
            settings.fault(String.valueOf(e.getMessage()));
            return ProxyOptions.none();
        }
    }
}
