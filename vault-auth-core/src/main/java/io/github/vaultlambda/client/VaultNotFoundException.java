package io.github.vaultlambda.client;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * There is nothing at this path (404, or an answer without content): the secret does not exist, its version is deleted, or the path
 * is not the one it is read from.
 */
public final class VaultNotFoundException extends VaultException {
    private static final long serialVersionUID = 1;

    private final transient @Nullable SecretValue answer;

    /** An exception that says this, of an answer that says nothing. */
    public VaultNotFoundException(VaultFailure failure) {
        this(failure, SecretValue.emptyObject());
    }

    /** An exception that says this, of the answer with this body. */
    public VaultNotFoundException(VaultFailure failure, SecretValue answer) {
        super(failure);
        this.answer = Objects.requireNonNull(answer, "answer");
    }

    /**
     * The body of Vault's answer: the metadata of a deleted version of a KV v2 secret, for one, or warnings. An object without fields
     * when there was none, and after serialization.
     */
    public SecretValue answer() {
        SecretValue known = answer;
        return known == null ? SecretValue.emptyObject() : known;
    }
}
