package io.github.vaultlambda.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A request had no complete answer. The message is one sentence about the connection, fit for a log: it holds hosts, ports and
 * the names in certificates, and nothing of request or answer.
 */
public final class TransportException extends IOException {
    private static final long serialVersionUID = 1;

    /** What went wrong. */
    public enum Kind {
        /** The request cannot be sent as it is: an illegal address, method or header. */
        ILLEGAL_REQUEST(false, true),
        /** The host has no address. */
        UNKNOWN_HOST(false, false),
        /** Nobody listens at the port. */
        CONNECTION_REFUSED(false, false),
        /** No way leads to the host. */
        UNREACHABLE(false, false),
        /** No connection came about in time. */
        CONNECT_TIMEOUT(false, false),
        /** The TLS handshake did not end in time. */
        TLS_TIMEOUT(true, false),
        /** The connection stands, but the answer was not complete in time. */
        ANSWER_TIMEOUT(false, false),
        /** The server's certificate comes from nobody who is trusted. */
        UNKNOWN_AUTHORITY(true, true),
        /** The server's certificate, or one above it, has expired. */
        CERTIFICATE_EXPIRED(true, true),
        /** The server's certificate, or one above it, is not valid yet. */
        CERTIFICATE_NOT_YET_VALID(true, true),
        /** The server's certificate is for other hosts. */
        HOST_NAME_MISMATCH(true, true),
        /** The server wants a client certificate, or another one. */
        CLIENT_CERTIFICATE(true, true),
        /** No TLS version or cipher that both sides accept. */
        TLS_MISMATCH(true, true),
        /** One side speaks TLS, the other does not. */
        NOT_TLS(true, true),
        /** The TLS options name files that cannot be used. */
        TLS_OPTIONS(true, true),
        /** TLS failed in another way. */
        TLS_FAILED(true, true),
        /** The proxy cannot be reached, or does not connect us. */
        PROXY(false, false),
        /** The other side broke the connection off. */
        RESET(false, false),
        /** The answer is no HTTP, or not to be trusted. */
        MALFORMED_ANSWER(false, false),
        /** The answer is larger than allowed. */
        ANSWER_TOO_LARGE(false, true),
        /** The stream that the request body comes from failed. */
        BODY_SOURCE(false, true),
        /** Ended on our side: aborted, closed or interrupted. */
        ABORTED(false, true);

        private final boolean tls;
        private final boolean permanent;

        Kind(boolean tls, boolean permanent) {
            this.tls = tls;
            this.permanent = permanent;
        }

        /** Whether TLS is the cause. */
        public boolean isTls() {
            return tls;
        }

        /** Whether the same request will fail again in the same way, so that repeating it is of no use. */
        public boolean isPermanent() {
            return permanent;
        }
    }

    private final Kind kind;
    private final @Nullable String hint;
    private final boolean sent;

    /**
     * A failure, also for transports of others.
     *
     * @param message one sentence without anything of request or answer
     * @param hint what to do about it, or null
     * @param cause may be null
     * @param mayHaveArrived whether the server may have received the request
     */
    public TransportException(
            Kind kind, String message, @Nullable String hint, @Nullable Throwable cause, boolean mayHaveArrived) {
        super(message, cause);
        this.kind = kind;
        this.hint = hint;
        this.sent = mayHaveArrived;
    }

    TransportException(Kind kind, String message, @Nullable String hint, @Nullable Throwable cause) {
        this(kind, message, hint, cause, false);
    }

    TransportException(Kind kind, String message) {
        this(kind, message, null, null, false);
    }

    /** This, for a request of which something may have reached the server. */
    TransportException afterSending() {
        TransportException same = new TransportException(kind, String.valueOf(getMessage()), hint, getCause(), true);
        same.setStackTrace(getStackTrace());
        return same;
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }

    /** What to do about it, with the variable to set where there is one; or null. */
    public @Nullable String hint() {
        return hint;
    }

    /** Whether the server may have received, and acted on, the request. When not, any request can be repeated. */
    public boolean mayHaveArrived() {
        return sent;
    }
}
