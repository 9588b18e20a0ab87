package io.github.vaultlambda.extension;

import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.secrets.SecretOptions;
import io.github.vaultlambda.secrets.SecretReference;
import io.github.vaultlambda.secrets.files.FileFormat;
import io.github.vaultlambda.secrets.files.SecretFile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads which secrets go to which files: {@code VAULT_SECRET_PATH} with {@code VAULT_SECRET_FILE}, and any number of pairs
 * whose names go on with {@code _} and the same ending; and for each of them the variables that say how. For one thread at
 * start-up.
 */
final class SecretFileSettings {
    private static final Logger LOG = LoggerFactory.getLogger(SecretFileSettings.class);
    private static final String PATH = "VAULT_SECRET_PATH";
    private static final String FILE = "VAULT_SECRET_FILE";
    private static final String FORMAT = "VAULT_SECRET_FORMAT";
    private static final String MODE = "VAULT_SECRET_MODE";
    private static final String OPTIONAL = "VAULT_SECRET_OPTIONAL";
    private static final String TTL = "VAULT_SECRET_TTL";
    private static final Path BASE = Path.of("/tmp/vault");
    private static final String DEFAULT_FILE = "secret.json";

    private final EnvironmentSettings settings;
    private final SecretOptions options;
    private final List<SecretFile> files = new ArrayList<>();
    private final Map<Path, String> variableByFile = new HashMap<>();

    private SecretFileSettings(EnvironmentSettings settings, SecretOptions options) {
        this.settings = settings;
        this.options = options;
    }

    /**
     * The files in the order of their variables' names, the nameless one first; what is wrong becomes a fault.
     *
     * @param options how fresh those are kept that have no TTL of their own
     */
    static List<SecretFile> read(EnvironmentSettings settings, SecretOptions options) {
        SecretFileSettings reading = new SecretFileSettings(settings, options);
        reading.nameless();
        reading.named();
        return List.copyOf(reading.files);
    }

    private void nameless() {
        String path = settings.text(PATH);
        String file = settings.text(FILE);
        if (path != null) {
            add("", path, file == null ? DEFAULT_FILE : file);
        } else if (file != null) {
            LOG.warn("{} is set but {} is not: no secret is written to {}", FILE, PATH, file);
        }
    }

    private void named() {
        Set<String> endings = endings(List.of(PATH, FILE));
        for (String ending : endings) {
            String path = half(PATH + ending, FILE + ending);
            String file = half(FILE + ending, PATH + ending);
            if (ending.equals("_")) {
                settings.fault((settings.isSet(PATH + ending) ? PATH : FILE)
                        + "_ has nothing after the underscore: add a name, such as " + PATH + "_DB with " + FILE
                        + "_DB");
            } else if (path != null && file != null) {
                add(ending, path, file);
            }
        }
        for (String half : List.of(FORMAT, MODE, OPTIONAL, TTL)) {
            for (String ending : endings(List.of(half))) {
                if (!endings.contains(ending)) {
                    settings.fault(half + ending + " belongs to no secret: there is no " + PATH + ending);
                }
            }
        }
    }

    private Set<String> endings(List<String> halves) {
        Set<String> endings = new TreeSet<>();
        for (String half : halves) {
            for (String variable : settings.namesStartingWith(half + "_")) {
                endings.add(variable.substring(half.length()));
            }
        }
        return endings;
    }

    private @Nullable String half(String variable, String partner) {
        String value = settings.text(variable);
        if (value == null && !variable.endsWith("_")) {
            settings.fault(variable + (settings.isSet(variable) ? " is blank" : " is missing") + ": " + partner
                    + " needs it, the one is the secret's path and the other its file");
        }
        return value;
    }

    private void add(String ending, String path, String fileName) {
        SecretReference reference = reference(PATH + ending, path);
        Path file = file(FILE + ending, fileName);
        if (reference == null || file == null) {
            return;
        }
        SecretFile secretFile = SecretFile.of(reference, file).withOptional(settings.flag(OPTIONAL + ending, false));
        Set<PosixFilePermission> mode = mode(MODE + ending);
        if (mode != null) {
            secretFile = secretFile.withMode(mode);
        }
        if (settings.isSet(TTL + ending)) {
            secretFile = secretFile.withOptions(options.withTtl(settings.duration(TTL + ending, options.ttl()))
                    .withRefreshAhead(false));
        }
        files.add(formatted(secretFile, FORMAT + ending));
    }

    private @Nullable SecretReference reference(String variable, String path) {
        try {
            return SecretReference.parse(path);
        } catch (IllegalArgumentException e) { // whose message quotes the path, without the values of parameters
            settings.fault(variable + " is " + e.getMessage());
            return null;
        }
    }

    private @Nullable Path file(String variable, String fileName) {
        Path file;
        try {
            file = BASE.resolve(fileName).normalize();
        } catch (InvalidPathException e) {
            settings.fault(variable + " is \"" + fileName + "\", which is no path of a file");
            return null;
        }
        if (file.getFileName() == null) {
            settings.fault(variable + " is \"" + fileName + "\", which is a directory: write the path of a file");
            return null;
        }
        String other = variableByFile.putIfAbsent(file, variable);
        if (other != null) {
            settings.fault(
                    other + " and " + variable + " are both the file " + file + ": give each secret a file of its own");
            return null;
        }
        return file;
    }

    private SecretFile formatted(SecretFile file, String variable) {
        String name = settings.text(variable);
        if (name == null) {
            return file;
        }
        FileFormat format = switch (name.toLowerCase(Locale.ROOT)) {
            case "response" -> FileFormat.RESPONSE;
            case "data" -> FileFormat.DATA;
            case "dotenv" -> FileFormat.DOTENV;
            case "properties" -> FileFormat.PROPERTIES;
            case "field" -> FileFormat.FIELD;
            case "bytes" -> FileFormat.BYTES;
            default -> null;
        };
        if (format == null) {
            settings.fault(variable + " is \"" + name + "\": write response, data, dotenv, properties, field or bytes");
            return file;
        }
        try {
            return file.withFormat(format);
        } catch (IllegalArgumentException e) {
            settings.fault(variable + " is \"" + name + "\", but " + e.getMessage());
            return file;
        }
    }

    private @Nullable Set<PosixFilePermission> mode(String variable) {
        String value = settings.text(variable);
        if (value == null) {
            return null;
        }
        Set<PosixFilePermission> mode = octal(value);
        if (mode == null) {
            settings.fault(variable + " is \"" + value
                    + "\": write an octal mode such as 0600, 0440 or 0640, which its owner may read, nobody else may write and"
                    + " nobody may execute");
        }
        return mode;
    }

    /** The mode, or null when it is none for a secret. */
    private static @Nullable Set<PosixFilePermission> octal(String text) {
        int length = text.length();
        boolean octal = length == 3 || (length == 4 && text.charAt(0) == '0');
        for (int i = 0; i < length; i++) {
            octal &= text.charAt(i) >= '0' && text.charAt(i) <= '7';
        }
        if (!octal) {
            return null;
        }
        int bits = Integer.parseInt(text, 8);
        if ((bits & 0400) == 0 || (bits & ~0644) != 0) {
            return null;
        }
        Set<PosixFilePermission> mode = EnumSet.of(PosixFilePermission.OWNER_READ);
        if ((bits & 0200) != 0) {
            mode.add(PosixFilePermission.OWNER_WRITE);
        }
        if ((bits & 0040) != 0) {
            mode.add(PosixFilePermission.GROUP_READ);
        }
        if ((bits & 0004) != 0) {
            mode.add(PosixFilePermission.OTHERS_READ);
        }
        return mode;
    }
}
