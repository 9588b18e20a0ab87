package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.config.EnvironmentSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files with the profiles of AWS's tools, {@code ~/.aws/credentials} and {@code ~/.aws/config}, read anew each time. Immutable
 * and thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html">AWS SDKs: shared config and credentials
 *     files</a>
 */
final class ProfileFiles {
    private final @Nullable Path credentials;
    private final @Nullable Path config;

    private ProfileFiles(@Nullable Path credentials, @Nullable Path config) {
        this.credentials = credentials;
        this.config = config;
    }

    /** The files that {@code AWS_SHARED_CREDENTIALS_FILE} and {@code AWS_CONFIG_FILE} name, or those in the home directory. */
    static ProfileFiles of(EnvironmentSettings settings) {
        String home = settings.text("HOME");
        if (home == null) {
            home = settings.text("USERPROFILE");
        }
        return new ProfileFiles(
                file(settings, "AWS_SHARED_CREDENTIALS_FILE", home, "credentials"),
                file(settings, "AWS_CONFIG_FILE", home, "config"));
    }

    private static @Nullable Path file(
            EnvironmentSettings settings, String variable, @Nullable String home, String name) {
        String named = settings.text(variable);
        try {
            if (named == null) {
                return home == null ? null : Path.of(home, ".aws", name);
            }
            return home != null && named.startsWith("~/") ? Path.of(home, named.substring(2)) : Path.of(named);
        } catch (InvalidPathException e) {
            settings.fault(variable + " is \"" + named + "\", which is no path of a file");
            return null;
        }
    }

    /** The settings of a profile by lower-case name, those of the credentials file first; null when no file has it. */
    @Nullable
    Map<String, String> profile(String name) throws IOException {
        Map<String, String> found = null;
        if (config != null && Files.isRegularFile(config)) {
            String section = name.equals("default") ? "default" : "profile " + name;
            found = section(Files.readString(config, StandardCharsets.UTF_8), section, found);
            if (name.equals("default")) {
                found = section(Files.readString(config, StandardCharsets.UTF_8), "profile default", found);
            }
        }
        if (credentials != null && Files.isRegularFile(credentials)) {
            found = section(Files.readString(credentials, StandardCharsets.UTF_8), name, found);
        }
        return found;
    }

    /** Adds the settings of all sections of that name; those below another setting are none of ours. */
    private static @Nullable Map<String, String> section(
            String text, String wanted, @Nullable Map<String, String> before) {
        Map<String, String> found = before;
        boolean inside = false;
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            String raw = text.substring(start, end < 0 ? text.length() : end);
            start = end < 0 ? text.length() : end + 1;
            String line = raw.strip();
            if (line.isEmpty() || line.charAt(0) == '#' || line.charAt(0) == ';') {
                continue;
            }
            if (line.charAt(0) == '[') {
                int close = line.indexOf(']');
                inside = close > 0 && oneSpaced(line.substring(1, close)).equals(wanted);
                if (inside && found == null) {
                    found = new HashMap<>();
                }
                continue;
            }
            int equals = line.indexOf('=');
            if (inside && found != null && equals > 0 && raw.charAt(0) > ' ') {
                found.put(
                        line.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        withoutComment(line.substring(equals + 1)).strip());
            }
        }
        return found;
    }

    /** A section's name, whose two words may stand apart. */
    private static String oneSpaced(String name) {
        String text = name.strip();
        if (!text.startsWith("profile") || text.length() <= 7 || text.charAt(7) > ' ') {
            return text;
        }
        return "profile " + text.substring(7).strip();
    }

    private static String withoutComment(String value) {
        for (int i = 1; i < value.length(); i++) {
            if ((value.charAt(i) == '#' || value.charAt(i) == ';') && value.charAt(i - 1) <= ' ') {
                return value.substring(0, i);
            }
        }
        return value;
    }

    /** The paths, for messages. */
    @Override
    public String toString() {
        if (credentials == null && config == null) {
            return "~/.aws/credentials or ~/.aws/config";
        }
        return credentials == null || config == null
                ? String.valueOf(credentials == null ? config : credentials)
                : credentials + " or " + config;
    }
}
