package io.github.vaultlambda.testkit.wire;

/** The text is not JSON. The message names the place, or the one character that cannot stand there. */
public final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JsonException(String message) {
        super(message);
    }
}
