package io.github.vaultlambda.auth;

import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultToken;

/**
 * Is told what happens to a session's token, in the thread that caused it and without any lock held. What a listener throws is
 * logged and otherwise ignored. Implementations are thread-safe and quick.
 */
public interface SessionListener {
    /** Why a token is not used any more. */
    enum Reason {
        /** Its time to live is over, or nearly so. */
        EXPIRED,
        /** All the requests that it was good for are made. */
        USED_UP,
        /** Vault refused it. */
        REJECTED,
        /** {@link VaultSession#invalidate()} was called. */
        INVALIDATED,
        /** {@link VaultSession#close()} was called. */
        CLOSED
    }

    /** A login gave this token. */
    default void loggedIn(VaultToken token) {}

    /** The token was renewed; this is its new life. */
    default void renewed(VaultToken token) {}

    /** The token will not be handed out again. */
    default void dropped(VaultToken token, Reason reason) {}

    /** A login or a renewal failed. After a failed renewal the token is still used until its end. */
    default void failed(VaultException failure) {}
}
