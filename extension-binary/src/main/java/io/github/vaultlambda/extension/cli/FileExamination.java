package io.github.vaultlambda.extension.cli;

import io.github.vaultlambda.secrets.files.SecretFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at whether a secret file could be written. */
final class FileExamination {
    private FileExamination() {}

    static Finding of(SecretFile file) {
        Path existing = file.file().getParent();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing)) {
            return failed(file, existing + " is no directory");
        }
        return Files.isWritable(existing)
                ? Finding.ok("file", file.file() + " can be written")
                : failed(file, existing + " may not be written to");
    }

    private static Finding failed(SecretFile file, String reason) {
        return Finding.failed(
                "file",
                file.file() + " cannot be written: " + reason,
                "name another file, in Lambda one below /tmp",
                ExitCode.FAILED);
    }
}
