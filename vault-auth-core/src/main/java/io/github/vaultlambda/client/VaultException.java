package io.github.vaultlambda.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operation on Vault failed. Each cause has its own subclass; this class says what all have in common. No message holds a
 * secret, a token or a signed header.
 */
public abstract class VaultException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String path;
    private final String[] errors;
    private final @Nullable String hint;

    /**
     * For subclasses.
     *
     * @param what one sentence, without the hint
     * @param status Vault's HTTP status, or 0 when no answer came
     * @param path the path below {@code /v1/}
     * @param errors Vault's own error texts
     * @param hint what to change, or null
     * @param cause the underlying failure, or null
     */
    protected VaultException(
            String what,
            int status,
            String path,
            List<String> errors,
            @Nullable String hint,
            @Nullable Throwable cause) {
        super(hint == null ? what : what + (what.endsWith(".") ? " Hint: " : ". Hint: ") + hint, cause);
        this.status = status;
        this.path = path;
        this.errors = errors.toArray(new String[0]);
        this.hint = hint;
    }

    /** Vault's HTTP status, or 0 when no answer came. */
    public int status() {
        return status;
    }

    /** The path of the request below {@code /v1/}, such as {@code secret/data/orders/db}. */
    public String path() {
        return path;
    }

    /** Vault's own error texts, shortened; empty when it sent none. */
    public List<String> errors() {
        return List.of(errors);
    }

    /** What to change so that it works, or null when there is nothing to say. */
    public @Nullable String hint() {
        return hint;
    }
}
