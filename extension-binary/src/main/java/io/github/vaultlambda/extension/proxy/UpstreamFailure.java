package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.http.TransportException;

/** Says in words what the failure of a request to Vault means, for the log and, without hosts and addresses, for the client. */
final class UpstreamFailure {
    private UpstreamFailure() {}

    /** For the log: the whole sentence, and what to do. */
    static String inFull(TransportException e) {
        return e.getMessage() + (e.hint() == null ? "" : ". Hint: " + e.hint());
    }

    /**
     * For the client.
     *
     * @param noAnswer the words for an answer that was waited for in vain
     */
    static String inShort(TransportException e, String noAnswer) {
        return switch (e.kind()) {
            case CONNECTION_REFUSED -> "connection refused";
            case UNKNOWN_HOST -> "unknown host";
            case UNREACHABLE -> "no way leads to the host";
            case CONNECT_TIMEOUT, TLS_TIMEOUT -> "no connection in time";
            case ANSWER_TIMEOUT -> noAnswer;
            case RESET -> "the connection broke off";
            case MALFORMED_ANSWER -> "the answer is no valid HTTP";
            case PROXY -> "the forward proxy did not connect to the host";
            case UNKNOWN_AUTHORITY ->
                "TLS failed: the server's certificate comes from an authority that is not trusted";
            case CERTIFICATE_EXPIRED -> "TLS failed: the server's certificate has expired";
            case CERTIFICATE_NOT_YET_VALID -> "TLS failed: the server's certificate is not valid yet";
            case HOST_NAME_MISMATCH -> "TLS failed: the server's certificate is for another host";
            case CLIENT_CERTIFICATE -> "TLS failed: the server wants a client certificate, or another one";
            case NOT_TLS -> "TLS failed: one side speaks TLS, the other does not";
            case TLS_OPTIONS -> "TLS failed: the certificate files cannot be used";
            default -> e.kind().isTls() ? "TLS failed" : "no answer";
        };
    }
}
