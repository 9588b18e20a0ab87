package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultToken;

/** A way to get a token from Vault. Implementations are thread-safe and keep no token. */
public interface LoginMethod {
    /**
     * Logs in.
     *
     * @throws VaultLoginException when Vault refuses
     * @throws io.github.vaultlambda.client.VaultException when Vault cannot be asked
     */
    VaultToken login(VaultEndpoint vault, Deadline deadline);

    /** What is logged in to, for logs and messages; no secret. */
    String describe();

    /** Whether each login makes a token of its own, which may be revoked when it is not needed any more; default yes. */
    default boolean issuesTokens() {
        return true;
    }

    /**
     * Loads what a login needs of the Java runtime and makes a fresh process slow, without network and without anything secret;
     * default nothing. Called before a snapshot of the process is taken, so that it need not be done after each restore.
     */
    default void loadAhead() {}

    /** Forgets whatever is kept from one login to the next, such as credentials of an assumed role; default nothing. */
    default void forget() {}
}
