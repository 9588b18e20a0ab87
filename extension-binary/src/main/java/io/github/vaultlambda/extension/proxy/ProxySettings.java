package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.config.EnvironmentSettings;

/**
 * What the proxy is told by its environment. Immutable and thread-safe.
 *
 * @param port the port on the loopback address; 0 for any free one
 */
public record ProxySettings(int port) {
    private static final int DEFAULT_PORT = 8200;
    private static final String PORT = "VAULT_EXTENSION_PROXY_PORT";

    /** Reads the variables; what is wrong with them becomes a fault of the settings. */
    public static ProxySettings read(EnvironmentSettings settings) {
        return new ProxySettings(settings.count(PORT, DEFAULT_PORT, 1, 65535));
    }
}
