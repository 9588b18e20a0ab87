package io.github.vaultlambda.auth.aws;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * SHA-256 and HMAC-SHA256 on one message digest. {@code javax.crypto.Mac} does the same, but its first use in a process makes
 * the JDK verify its cryptographic providers, which costs a cold start 20 to 30 ms. For one thread.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2104">RFC 2104: HMAC</a>
 */
final class HmacSha256 {
    private static final int BLOCK_BYTES = 64;
    private static final byte INNER = 0x36;
    private static final byte OUTER = 0x5c;

    private final MessageDigest digest;
    private final byte[] block = new byte[BLOCK_BYTES];

    HmacSha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** The hash, which no key guards. */
    byte[] hash(byte[] message) {
        return digest.digest(message);
    }

    /** The authentication code of the message under a key of any length. */
    byte[] code(byte[] key, byte[] message) {
        byte[] padded = key.length > BLOCK_BYTES ? digest.digest(key) : key;
        pad(padded, INNER);
        digest.update(block);
        byte[] inner = digest.digest(message);
        pad(padded, OUTER);
        digest.update(block);
        return digest.digest(inner);
    }

    private void pad(byte[] key, byte with) {
        Arrays.fill(block, with);
        for (int i = 0; i < key.length; i++) {
            block[i] ^= key[i];
        }
    }
}
