package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.config.EnvironmentSettings;

/**
 * A login method from outside of this library, found by {@link java.util.ServiceLoader} when {@code VAULT_AUTH_METHOD} has its
 * name. Needs a public constructor without parameters, and a line with its class's name in the file {@code
 * META-INF/services/io.github.vaultlambda.auth.login.LoginProvider} (or {@code provides … with …} in its module).
 *
 * <p>For example, for an auth method that takes a code:
 *
 * <pre>{@code
 * public final class CodeLoginProvider implements LoginProvider {
 *     public String name() {
 *         return "code";
 *     }
 *
 *     public LoginMethod read(EnvironmentSettings settings, Platform platform) {
 *         return new CodeLogin(LoginMount.read(settings, "code"),
 *                 SecretValue.of(settings.requiredText("CODE", "set it to the code to log in with")));
 *     }
 * }
 *
 * record CodeLogin(String mount, SecretValue code) implements LoginMethod {
 *     public VaultToken login(VaultEndpoint vault, Deadline deadline) {
 *         VaultRequest request = VaultRequest.repeatablePut(
 *                 "auth/" + mount + "/login", SecretValue.of(Map.of("code", code)));
 *         try {
 *             return LoginExchange.send(vault, request, deadline);
 *         } catch (VaultRequestException | VaultPermissionException refused) {
 *             throw new VaultLoginException(VaultFailure.like(refused, "Vault refused the code")
 *                     .withMount("auth/" + mount)
 *                     .withHint("ask for a new code"));
 *         }
 *     }
 *
 *     public String describe() {
 *         return "code at auth/" + mount;
 *     }
 * }
 * }</pre>
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
