package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.config.EnvironmentSettings;
import java.io.IOException;
import java.util.Map;

/** Proxies for tests, on ports of their own. */
final class Proxies {
    private Proxies() {}

    /** A proxy that these variables describe, on any free port. */
    static ProxyServer start(VaultSession session, Map<String, String> variables) throws IOException {
        return ProxyServer.start(settings(variables).withPort(0), session);
    }

    /** What these variables say; they must be right. */
    static ProxySettings settings(Map<String, String> variables) {
        EnvironmentSettings environment = EnvironmentSettings.of(variables);
        ProxySettings settings = ProxySettings.read(environment);
        environment.rejectFaults();
        return settings;
    }
}
