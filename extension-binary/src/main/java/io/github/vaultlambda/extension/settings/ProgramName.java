package io.github.vaultlambda.extension.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The name of the file that was started, which is the name an extension has to register under. So the file may be called anything,
 * {@code vault-lambda-extension} above all.
 */
public final class ProgramName {
    private static final String DEFAULT = "vault-lambda-extension";

    private ProgramName() {}

    /**
     * What the launcher says; without one the name by which this process was started, where that is not a Java launcher.
     *
     * @param fromLauncher the value of {@code -Dvaultlambda.extension.name}
     */
    public static String of(@Nullable String fromLauncher) {
        if (fromLauncher != null && !fromLauncher.isBlank()) {
            return fromLauncher;
        }
        try {
            return ofCommandLine(new String(Files.readAllBytes(Path.of("/proc/self/cmdline")), UTF_8));
        } catch (IOException e) {
            return DEFAULT; // not Linux
        }
    }

    /** The last part of the first argument; arguments end with NUL. */
    static String ofCommandLine(String commandLine) {
        int end = commandLine.indexOf('\0');
        String program = end < 0 ? commandLine : commandLine.substring(0, end);
        String name = program.substring(program.lastIndexOf('/') + 1);
        return name.isBlank() || name.equals("java") ? DEFAULT : name;
    }
}
