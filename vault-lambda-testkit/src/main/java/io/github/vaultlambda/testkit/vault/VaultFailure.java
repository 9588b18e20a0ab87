package io.github.vaultlambda.testkit.vault;

import java.util.List;

/** An error answer: a status and the texts in {@code errors}. */
final class VaultFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String[] errors;

    VaultFailure(int status, List<String> errors) {
        super("HTTP " + status);
        this.status = status;
        this.errors = errors.toArray(new String[0]);
    }

    static VaultFailure bad(String text) {
        return new VaultFailure(400, List.of(text));
    }

    /** What Vault answers for a thing that is not there. */
    static VaultFailure absent() {
        return new VaultFailure(404, List.of());
    }

    /** Vault wraps what goes wrong behind its router into a list of one. */
    static VaultFailure wrapped(int status, String text) {
        return new VaultFailure(status, List.of("1 error occurred:\n\t* " + text + "\n\n"));
    }

    static VaultFailure invalidToken() {
        return new VaultFailure(403, List.of("2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n"));
    }

    int status() {
        return status;
    }

    List<String> errors() {
        return List.of(errors);
    }
}
