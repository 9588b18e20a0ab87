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
    private final @Nullable String mount;
    private final String[] errors;
    private final String[] warnings;
    private final @Nullable String hint;

    /** For subclasses: an exception that says this. */
    protected VaultException(VaultFailure failure) {
        super(failure.message(), failure.cause());
        this.status = failure.status();
        this.path = failure.path();
        this.mount = failure.mount();
        this.errors = failure.errors().toArray(new String[0]);
        this.warnings = failure.warnings().toArray(new String[0]);
        this.hint = failure.hint();
    }

    /** Vault's HTTP status, or 0 when no answer came. */
    public int status() {
        return status;
    }

    /** The path of the request below {@code /v1/}, such as {@code secret/data/orders/db}. */
    public String path() {
        return path;
    }

    /**
     * The mount that the request went to, such as {@code secret} or {@code auth/aws}: as far as the path tells it, so the first
     * part of a nested mount of a secrets engine. Empty when there is no path.
     */
    public String mount() {
        if (mount != null) {
            return mount;
        }
        int first = path.indexOf('/');
        if (!path.startsWith("auth/")) {
            return first < 0 ? path : path.substring(0, first);
        }
        int login = path.lastIndexOf("/login");
        int second = login > 4 ? login : path.indexOf('/', first + 1);
        return second < 0 ? path : path.substring(0, second);
    }

    /** Vault's own error texts, shortened; empty when it sent none. */
    public List<String> errors() {
        return List.of(errors);
    }

    /** Vault's warnings beside its errors; usually none. */
    public List<String> warnings() {
        return List.of(warnings);
    }

    /** What to change so that it works, or null when there is nothing to say. */
    public @Nullable String hint() {
        return hint;
    }
}
