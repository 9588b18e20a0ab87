package io.github.vaultlambda.extension.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.vaultlambda.http.Headers;

/**
 * Writes status line and headers of answers. All end with the empty line; before it, what concerns one connection alone is put in
 * when the answer is sent ({@link #connectionLine}), so that a kept answer serves each client.
 */
final class AnswerHeads {
    private static final byte[] CLOSE = "Connection: close\r\n".getBytes(ISO_8859_1);
    private static final byte[] KEEP = "Connection: keep-alive\r\n".getBytes(ISO_8859_1);
    private static final byte[] NOTHING = {};

    private AnswerHeads() {}

    /**
     * The head of Vault's answer for a client.
     *
     * @param framing the lines that say how long the content is, each with its end
     */
    static byte[] of(VaultAnswer answer, String framing) {
        StringBuilder text = new StringBuilder(512);
        begin(text, answer.status());
        Headers headers = answer.headers();
        for (int i = 0; i < headers.size(); i++) {
            if (HeaderRules.passToClient(headers, i)) {
                text.append(headers.name(i))
                        .append(": ")
                        .append(headers.value(i))
                        .append("\r\n");
            }
        }
        return text.append(framing).append("\r\n").toString().getBytes(ISO_8859_1);
    }

    /** The head of an answer of the proxy's own. */
    static byte[] ofOurs(int status, String type, int length, String more) {
        StringBuilder text = new StringBuilder(192);
        begin(text, status);
        text.append("Content-Type: ").append(type).append("\r\nX-Content-Type-Options: nosniff\r\n");
        text.append(more).append("Content-Length: ").append(length).append("\r\n\r\n");
        return text.toString().getBytes(ISO_8859_1);
    }

    /** What says whether the connection stays, where a client of this version would not know; to go before the empty line. */
    static byte[] connectionLine(boolean keeps, boolean recent) {
        return keeps ? (recent ? NOTHING : KEEP) : CLOSE;
    }

    private static void begin(StringBuilder text, int status) {
        text.append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(phrase(status))
                .append("\r\n");
    }

    private static String phrase(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 206 -> "Partial Content";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 303 -> "See Other";
            case 304 -> "Not Modified";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 412 -> "Precondition Failed";
            case 413 -> "Request Entity Too Large";
            case 414 -> "Request URI Too Long";
            case 417 -> "Expectation Failed";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> "status code " + status;
        };
    }
}
