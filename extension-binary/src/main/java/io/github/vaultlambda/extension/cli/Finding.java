package io.github.vaultlambda.extension.cli;

import org.jspecify.annotations.Nullable;

/**
 * What one check of {@code doctor} found.
 *
 * @param check what was looked at
 * @param status how it is
 * @param detail what was seen, in one line
 * @param fix what to do about it, or null
 * @param code the exit code that it stands for; {@link ExitCode#OK} unless it failed
 */
record Finding(
        String check,
        Status status,
        String detail,
        @Nullable String fix,
        ExitCode code) {
    enum Status {
        /** As it should be. */
        OK,
        /** Works, but may not be meant so. */
        WARNING,
        /** Does not work. */
        FAILED,
        /** Could not be looked at. */
        SKIPPED
    }

    static Finding ok(String check, String detail) {
        return new Finding(check, Status.OK, detail, null, ExitCode.OK);
    }

    static Finding warning(String check, String detail, String fix) {
        return new Finding(check, Status.WARNING, detail, fix, ExitCode.OK);
    }

    static Finding skipped(String check, String reason) {
        return new Finding(check, Status.SKIPPED, reason, null, ExitCode.OK);
    }

    static Finding failed(String check, String detail, @Nullable String fix, ExitCode code) {
        return new Finding(check, Status.FAILED, detail, fix, code);
    }
}
