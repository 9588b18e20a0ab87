package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.config.EnvironmentSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads secrets that stand in a variable or in a file that a variable names. */
final class SecretSettings {
    private SecretSettings() {}

    /** The secret in this variable, or null when it is unset. */
    static @Nullable FixedSecret variable(EnvironmentSettings settings, String name) {
        String text = settings.text(name);
        return text == null ? null : new FixedSecret(SecretValue.of(text));
    }

    /** The file that this variable names, or null when it is unset. Its content is not looked at. */
    static @Nullable SecretFile file(EnvironmentSettings settings, String name) {
        Path path = path(settings, name);
        return path == null ? null : new SecretFile(path);
    }

    /** The path in this variable, or null when it is unset or no path, which is a fault. */
    static @Nullable Path path(EnvironmentSettings settings, String name) {
        String text = settings.text(name);
        if (text == null) {
            return null;
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            settings.fault(name + " is no path of a file (value not shown, it may be the secret itself)");
            return null;
        }
    }

    /** Adds a fault when more than one of these variables is set: none of them may win unseen. */
    static void atMostOne(EnvironmentSettings settings, String... names) {
        List<String> set = new ArrayList<>();
        for (String name : names) {
            if (settings.text(name) != null) {
                set.add(name);
            }
        }
        if (set.size() > 1) {
            settings.fault(String.join(" and ", set) + " are set: keep one of them");
        }
    }
}
