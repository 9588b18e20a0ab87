package io.github.vaultlambda.layer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Tells whether files are still the same. */
final class Fingerprint {
    private Fingerprint() {}

    /** Of the names and bytes of these files, and of a text; folders among them do not count. */
    static String of(List<Path> files, String more) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        for (Path file : files) {
            if (Files.isRegularFile(file)) {
                digest.update(String.valueOf(file.getFileName()).getBytes(UTF_8));
                digest.update(Files.readAllBytes(file));
            }
        }
        digest.update(more.getBytes(UTF_8));
        return HexFormat.of().formatHex(digest.digest());
    }
}
