package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/** A secret in a file, which somebody else may replace at any time. */
final class SecretFile implements SecretSource, JwtSource {
    private final Path file;

    SecretFile(Path file) {
        this.file = Objects.requireNonNull(file, "file");
    }

    @Override
    public SecretValue secret(Deadline deadline) {
        String text;
        try {
            text = Files.readString(file).strip();
        } catch (IOException e) {
            throw VaultLoginException.withoutCredentials(
                    "The file " + file + ", which is to hold a secret for the login, cannot be read: " + why(e),
                    "check its path, its owner and its mode; this process is to be able to read it",
                    e);
        }
        if (text.isEmpty()) {
            throw VaultLoginException.withoutCredentials(
                    "The file " + file + ", which is to hold a secret for the login, is empty", null, null);
        }
        return SecretValue.of(text);
    }

    @Override
    public SecretValue token(Deadline deadline) {
        return secret(deadline);
    }

    private static String why(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "no permission";
        }
        return e instanceof CharacterCodingException ? "it is no text in UTF-8" : e.toString();
    }

    @Override
    public String toString() {
        return "from " + file;
    }
}
