package io.github.vaultlambda.client;

/** Where requests get their token from. Implementations are thread-safe. */
public interface TokenSource {
    /**
     * A token that is alive now; logs in when there is none.
     *
     * @throws VaultException when no login succeeded before the deadline
     */
    VaultToken token(Deadline deadline);

    /** Says that Vault refused this token: it will not be handed out again. Has no effect when it was replaced already. */
    void reject(VaultToken token);
}
