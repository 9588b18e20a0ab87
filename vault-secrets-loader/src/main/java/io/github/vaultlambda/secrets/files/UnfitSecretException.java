package io.github.vaultlambda.secrets.files;

/** A secret cannot be put into words as its file wants it. The message is half a sentence, and quotes names alone. */
final class UnfitSecretException extends Exception {
    private static final long serialVersionUID = 1;

    UnfitSecretException(String message) {
        super(message);
    }
}
