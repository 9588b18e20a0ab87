package io.github.vaultlambda.auth;

import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.auth.login.LoginProvider;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.config.EnvironmentSettings;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the login methods that do not belong to this library. */
final class ProvidedLogin {
    private static final String OWN = "aws, aws-ec2, jwt, kubernetes, approle, cert, userpass, token";

    private ProvidedLogin() {}

    /** The method of that name as its provider reads it; null, and a fault, when there is none. */
    static @Nullable LoginMethod read(String method, EnvironmentSettings settings, Platform platform) {
        TreeSet<String> others = new TreeSet<>();
        try {
            Iterator<LoginProvider> providers =
                    ServiceLoader.load(LoginProvider.class).iterator();
            while (providers.hasNext()) {
                LoginProvider provider = providers.next();
                if (provider.name().equals(method)) {
                    return provider.read(settings, platform);
                }
                others.add(provider.name());
            }
        } catch (ServiceConfigurationError e) {
            settings.fault("the login providers on the class path cannot be loaded: " + e.getMessage());
            return null;
        }
        settings.fault("VAULT_AUTH_METHOD is \"" + method + "\": write one of " + OWN
                + (others.isEmpty() ? "" : " or, from a provider, " + String.join(", ", others)));
        return null;
    }
}
