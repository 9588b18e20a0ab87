package io.github.vaultlambda.http;

import io.github.vaultlambda.http.TransportException.Kind;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** A server's certificate is not accepted, and why. */
final class Distrust extends CertificateException {
    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final @Nullable String hint;

    Distrust(Kind kind, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.hint = hint;
    }

    Kind kind() {
        return kind;
    }

    @Nullable
    String hint() {
        return hint;
    }
}
