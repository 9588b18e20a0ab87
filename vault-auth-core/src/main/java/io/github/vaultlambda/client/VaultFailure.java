package io.github.vaultlambda.client;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a failed operation: the content of every {@link VaultException}. None of its texts may hold a secret.
 * Immutable and thread-safe; each {@code with…} method gives a changed copy.
 */
public final class VaultFailure {
    private static final String HINT = " Hint: ";

    private final String what;
    private final int status;
    private final String path;
    private final @Nullable String mount;
    private final List<String> errors;
    private final List<String> warnings;
    private final @Nullable String hint;
    private final @Nullable Throwable cause;

    private VaultFailure(
            String what,
            int status,
            String path,
            @Nullable String mount,
            List<String> errors,
            List<String> warnings,
            @Nullable String hint,
            @Nullable Throwable cause) {
        this.what = Objects.requireNonNull(what, "what");
        this.status = status;
        this.path = Objects.requireNonNull(path, "path");
        this.mount = mount;
        this.errors = List.copyOf(errors);
        this.warnings = List.copyOf(warnings);
        this.hint = hint;
        this.cause = cause;
    }

    /** A failure in one sentence; everything else is unknown or empty. */
    public static VaultFailure of(String what) {
        return new VaultFailure(what, 0, "", null, List.of(), List.of(), null, null);
    }

    /** All that a failure says, as the start of another that says it in other words; its text and hint are replaced. */
    public static VaultFailure like(VaultException failure, String what) {
        return new VaultFailure(
                what,
                failure.status(),
                failure.path(),
                failure.mount(),
                failure.errors(),
                failure.warnings(),
                null,
                failure);
    }

    /** All that a failure says, with a sentence more before its hint. */
    static VaultFailure again(VaultException failure, String more) {
        String message = String.valueOf(failure.getMessage());
        String hint = failure.hint();
        String what = hint == null ? message : message.substring(0, message.length() - hint.length() - HINT.length());
        return like(failure, what + (what.endsWith(".") ? " " : ". ") + more).withHint(hint);
    }

    /** This with Vault's HTTP status. */
    public VaultFailure withStatus(int value) {
        return new VaultFailure(what, value, path, mount, errors, warnings, hint, cause);
    }

    /** This with the path below {@code /v1/}. */
    public VaultFailure withPath(String value) {
        return new VaultFailure(what, status, value, mount, errors, warnings, hint, cause);
    }

    /** This with the mount, where it is known better than from the path. */
    public VaultFailure withMount(@Nullable String value) {
        return new VaultFailure(what, status, path, value, errors, warnings, hint, cause);
    }

    /** This with Vault's own error texts. */
    public VaultFailure withErrors(List<String> value) {
        return new VaultFailure(what, status, path, mount, value, warnings, hint, cause);
    }

    /** This with Vault's warnings. */
    public VaultFailure withWarnings(List<String> value) {
        return new VaultFailure(what, status, path, mount, errors, value, hint, cause);
    }

    /** This with a hint: what to change so that it works. */
    public VaultFailure withHint(@Nullable String value) {
        return new VaultFailure(what, status, path, mount, errors, warnings, value, cause);
    }

    /** This with the underlying failure, whose messages hold no secret either. */
    public VaultFailure withCause(@Nullable Throwable value) {
        return new VaultFailure(what, status, path, mount, errors, warnings, hint, value);
    }

    String message() {
        if (hint == null) {
            return what;
        }
        return what + (what.endsWith(".") ? "" : ".") + HINT + hint;
    }

    int status() {
        return status;
    }

    String path() {
        return path;
    }

    @Nullable
    String mount() {
        return mount;
    }

    List<String> errors() {
        return errors;
    }

    List<String> warnings() {
        return warnings;
    }

    @Nullable
    String hint() {
        return hint;
    }

    @Nullable
    Throwable cause() {
        return cause;
    }
}
