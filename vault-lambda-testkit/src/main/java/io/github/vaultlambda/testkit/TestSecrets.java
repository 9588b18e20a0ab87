package io.github.vaultlambda.testkit;

import io.github.vaultlambda.testkit.wire.Mint;

/**
 * Secrets that can be found again: every secret the testkit makes contains {@link #MARKER}, so a test can search all
 * output of a program for it. Thread-safe.
 */
public final class TestSecrets {
    /** Part of every secret of the testkit; no log line, error text or file may contain it. */
    public static final String MARKER = Mint.MARKER;

    private TestSecrets() {}

    /** A new random secret: {@code prefix}, {@link #MARKER} and random letters and digits. */
    public static String mint(String prefix) {
        return Mint.secret(prefix);
    }
}
