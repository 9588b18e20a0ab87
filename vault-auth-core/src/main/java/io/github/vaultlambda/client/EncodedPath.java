package io.github.vaultlambda.client;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A path in Vault as it stands in a URI (RFC 3986, section 3.3): every character that is not allowed there is percent-encoded,
 * '?' and '%' included, and none is changed. {@link java.net.URI} itself would compose characters (Unicode NFC), and so ask for
 * another path: Vault compares bytes.
 */
final class EncodedPath {
    private static final String HEX = "0123456789ABCDEF";

    private EncodedPath() {}

    /**
     * Appends the path.
     *
     * @throws IllegalArgumentException when a segment is {@code .} or {@code ..}, for which Vault has no secrets, and which
     *     would lead out of the path to another; or when the text is no Unicode
     */
    static void append(StringBuilder uri, String path) {
        rejectDots(path);
        for (int i = 0; i < path.length(); i++) {
            if (!isPlain(path.charAt(i))) {
                appendEncoded(uri, path);
                return;
            }
        }
        uri.append(path);
    }

    private static void appendEncoded(StringBuilder uri, String path) {
        ByteBuffer bytes;
        try {
            bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(path));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a path in Vault has half a character", e);
        }
        while (bytes.hasRemaining()) {
            int b = bytes.get() & 0xff;
            if (isPlain((char) b)) {
                uri.append((char) b);
            } else {
                uri.append('%').append(HEX.charAt(b >> 4)).append(HEX.charAt(b & 15));
            }
        }
    }

    private static void rejectDots(String path) {
        int start = 0;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            int length = end - start;
            if ((length == 1 || length == 2) && path.startsWith("..".substring(0, length), start)) {
                throw new IllegalArgumentException("not a path in Vault: " + path + " (a segment is . or ..)");
            }
            start = end + 1;
        }
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "/-_.!~'()*:@&=+$,;".indexOf(c) >= 0;
    }
}
