package io.github.vaultlambda.testkit.vault;

import java.util.List;

/** An auth method: some of its paths are logins, which need no token. */
interface LoginMethod extends Backend {
    /** A login between its two halves. */
    @FunctionalInterface
    interface Login {
        /** Asks others, such as STS, who the caller is. Called without Vault's lock, so that logins do not queue. */
        default void ask() throws VaultFailure {}

        /** Decides, and issues the token. Called with Vault's lock held. */
        VaultAnswer finish() throws VaultFailure;
    }

    /** Whether a path below the mount is a login. */
    boolean login(String rest);

    /** First half of a login, everything that needs nobody else. Called with Vault's lock held. */
    Login begin(VaultCall call, String rest) throws VaultFailure;

    /** For the start of a login: refuses everything but a write. */
    static void requireWrite(VaultCall call) throws VaultFailure {
        if (!call.operation().writes()) {
            throw new VaultFailure(405, List.of("unsupported operation"));
        }
    }
}
