package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.config.EnvironmentSettings;

/**
 * A login method from outside of this library, found by {@link java.util.ServiceLoader} when {@code VAULT_AUTH_METHOD} has its
 * name. Needs a public constructor without parameters.
 */
public interface LoginProvider {
    /** The name in {@code VAULT_AUTH_METHOD}, in lower case; must not be that of a method of this library. */
    String name();

    /**
     * The method as these settings configure it. What is wrong with them is said with {@link EnvironmentSettings#fault}; the
     * result is then not used. Must not touch the network.
     */
    LoginMethod read(EnvironmentSettings settings, Platform platform);
}
