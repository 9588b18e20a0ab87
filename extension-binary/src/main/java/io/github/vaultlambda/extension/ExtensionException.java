package io.github.vaultlambda.extension;

import io.github.vaultlambda.extension.log.OneLine;

/** The extension cannot do what it is for; the message says why, in one line. */
final class ExtensionException extends Exception {
    private static final long serialVersionUID = 1;

    private final String type;

    /**
     * A failure of this {@linkplain FailureType type}.
     *
     * @param what what could not be done
     */
    ExtensionException(String type, String what, Exception cause) {
        super(what + ": " + OneLine.of(cause), cause);
        this.type = type;
    }

    String type() {
        return type;
    }
}
