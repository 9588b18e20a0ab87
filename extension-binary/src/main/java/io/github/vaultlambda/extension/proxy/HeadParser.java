package io.github.vaultlambda.extension.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.vaultlambda.http.Headers;

/**
 * Reads request line and headers strictly (RFC 9112): what two readers could understand in two ways is refused, so that nobody
 * can hide one request in another.
 */
final class HeadParser {
    private static final int MAX_HEADERS = 200;

    private final String text;
    private int position;

    private HeadParser(String text) {
        this.text = text;
    }

    /**
     * Takes a head apart.
     *
     * @param start the first byte of the request line
     * @param end behind the empty line
     * @throws Refusal when it is no request that can be answered otherwise
     */
    static RequestHead parse(byte[] bytes, int start, int end) throws Refusal {
        return new HeadParser(new String(bytes, start, end - start, ISO_8859_1)).head();
    }

    private RequestHead head() throws Refusal {
        int lineEnd = text.indexOf('\r');
        int first = text.indexOf(' ');
        int second = text.indexOf(' ', first + 1);
        if (first <= 0
                || second < 0
                || second > lineEnd
                || text.charAt(lineEnd + 1) != '\n'
                || !Headers.isName(text.substring(0, first))) {
            throw malformed("the request line is none of HTTP's");
        }
        String method = known(text.substring(0, first));
        String target = text.substring(first + 1, second);
        boolean recent = isRecent(text.substring(second + 1, lineEnd));
        position = lineEnd + 2;
        Headers headers = fields();
        boolean keeps = recent
                ? !headers.list("Connection", "close")
                : headers.list("Connection", "keep-alive") && !headers.list("Connection", "close");
        String expected = recent ? headers.first("Expect") : null;
        if (expected != null && !expected.equalsIgnoreCase("100-continue")) {
            throw Refusal.of(417, "refused: only 100-continue can be expected");
        }
        return new RequestHead(method, target, recent, headers, bodyLength(headers, recent), keeps, expected != null);
    }

    /** One text for those that come all the time. */
    private static String known(String method) {
        return switch (method) {
            case "GET" -> "GET";
            case "POST" -> "POST";
            case "PUT" -> "PUT";
            case "LIST" -> "LIST";
            default -> method;
        };
    }

    private static boolean isRecent(String version) throws Refusal {
        boolean http = version.length() == 8 && version.startsWith("HTTP/") && version.charAt(6) == '.';
        if (!http || !isDigit(version.charAt(5)) || !isDigit(version.charAt(7))) {
            throw malformed("the request line is none of HTTP's");
        }
        if (version.charAt(5) != '1') {
            throw Refusal.of(505, "refused: only HTTP/1.1 and 1.0 are spoken here");
        }
        return version.charAt(7) != '0';
    }

    private Headers fields() throws Refusal {
        Headers headers = new Headers();
        while (text.charAt(position) != '\r') {
            int end = text.indexOf('\r', position);
            if (headers.size() == MAX_HEADERS) {
                throw Refusal.of(431, "refused: more than " + MAX_HEADERS + " headers");
            }
            if (text.charAt(end + 1) != '\n' || !headers.addLine(text.substring(position, end))) {
                throw malformed("a line is no header"); // a folded one, for instance
            }
            if (!Headers.isValue(headers.value(headers.size() - 1))) {
                throw malformed("a header has illegal characters");
            }
            position = end + 2;
        }
        if (position != text.length() - 2) {
            throw malformed("a line ends in a way that HTTP does not know");
        }
        return headers;
    }

    private static long bodyLength(Headers headers, boolean recent) throws Refusal {
        boolean chunked = false;
        long announced = -1;
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (name.equalsIgnoreCase("Transfer-Encoding")) {
                if (chunked || !recent) {
                    throw malformed("its Transfer-Encoding can be understood in two ways");
                }
                if (!headers.value(i).equalsIgnoreCase("chunked")) {
                    throw Refusal.of(501, "refused: no Transfer-Encoding but chunked is understood");
                }
                chunked = true;
            } else if (name.equalsIgnoreCase("Content-Length")) {
                long value = number(headers.value(i));
                if (announced >= 0 && announced != value) {
                    throw malformed("it has two lengths");
                }
                announced = value;
            }
        }
        if (chunked && announced >= 0) {
            throw malformed("it has a length and comes in chunks");
        }
        return chunked ? RequestHead.CHUNKED : Math.max(announced, 0);
    }

    private static long number(String text) throws Refusal {
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i)) || i == 18) {
                throw malformed("its Content-Length is no number");
            }
            value = value * 10 + (text.charAt(i) - '0');
        }
        if (text.isEmpty()) {
            throw malformed("its Content-Length is no number");
        }
        return value;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static Refusal malformed(String why) {
        return Refusal.of(400, "refused: the request is no valid HTTP: " + why);
    }
}
