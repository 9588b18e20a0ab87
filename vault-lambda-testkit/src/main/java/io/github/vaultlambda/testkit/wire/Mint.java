package io.github.vaultlambda.testkit.wire;

import java.security.SecureRandom;
import java.util.UUID;

/** Mints random names and secrets; every secret carries {@link #MARKER}. */
public final class Mint {
    /** Part of every minted secret. */
    public static final String MARKER = "n0tf0rl0gs";

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final SecureRandom RANDOM = new SecureRandom();

    private Mint() {}

    /** {@code prefix}, the marker and 24 random letters and digits. */
    public static String secret(String prefix) {
        return prefix + MARKER + text(24);
    }

    /** Random letters and digits. */
    public static String text(int length) {
        StringBuilder out = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            out.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return out.toString();
    }

    /** Random capitals and digits of AWS's base 32, as in access key ids. */
    public static String awsId(String prefix) {
        StringBuilder out = new StringBuilder(prefix);
        while (out.length() < 20) {
            out.append("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt(RANDOM.nextInt(32)));
        }
        return out.toString();
    }

    /** A random UUID. */
    public static String uuid() {
        return UUID.randomUUID().toString();
    }
}
