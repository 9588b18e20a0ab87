package io.github.vaultlambda.extension;

import java.io.IOException;

/** Lambda's Extensions API answered, but not what it should; the message says what it answered. */
final class ExtensionsApiException extends IOException {
    private static final long serialVersionUID = 1;

    ExtensionsApiException(String message) {
        super(message);
    }
}
