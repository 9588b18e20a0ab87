package io.github.vaultlambda.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Every secret that the tests meet, one a line, so that all output can be searched for it afterwards. The file itself is never
 * printed. Thread-safe.
 */
public final class SecretsLedger {
    /** Where the secrets are written; below the module's folder, in which the tests run. */
    public static final Path FILE = Path.of("target", "secrets-ledger.txt");

    /** Shorter texts would be found by chance. */
    private static final int MIN_LENGTH = 12;

    private static final Set<String> KNOWN = ConcurrentHashMap.newKeySet();

    private SecretsLedger() {}

    /** Remembers the secret, as it is and as it looks in a form; gives it back. */
    static String add(String secret) {
        remember(secret);
        remember(URLEncoder.encode(secret, UTF_8));
        return secret;
    }

    private static synchronized void remember(String secret) {
        if (secret.length() < MIN_LENGTH || secret.indexOf('\n') >= 0 || !KNOWN.add(secret)) {
            return;
        }
        try {
            if (Files.notExists(FILE)) {
                Files.createDirectories(FILE.getParent());
                Files.createFile(
                        FILE, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(FILE, secret + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the text holds a secret that this process has met. */
    static boolean isLeakedBy(@Nullable String text) {
        return text != null && KNOWN.stream().anyMatch(text::contains);
    }
}
