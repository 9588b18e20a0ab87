package io.github.vaultlambda.secrets.files;

import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.log.Log;
import io.github.vaultlambda.secrets.SecretOptions;
import io.github.vaultlambda.secrets.SecretReference;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads which secrets go to which files: {@code VAULT_SECRET_PATH} with {@code VAULT_SECRET_FILE}, and any number of pairs
 * whose names go on with {@code _} and the same ending; and for each of them the variables that say how. For one thread at
 * start-up.
 */
public final class SecretFileSettings {
    private static final Log LOG = Log.of(SecretFileSettings.class);
    private static final String PATH = "VAULT_SECRET_PATH";
    private static final String FILE = "VAULT_SECRET_FILE";
    private static final String FORMAT = "VAULT_SECRET_FORMAT";
    private static final String MODE = "VAULT_SECRET_MODE";
    private static final String OPTIONAL = "VAULT_SECRET_OPTIONAL";
    private static final String TTL = "VAULT_SECRET_TTL";
    private static final List<String> DETAILS = List.of(FORMAT, MODE, OPTIONAL, TTL);
    private static final Path BASE = Path.of("/tmp/vault");
    private static final String DEFAULT_FILE = "secret.json";

    private static final String ALL_REQUIRED = "VAULT_EXTENSION_REQUIRE_SECRETS";
    private static final String WIPE = "VAULT_EXTENSION_WIPE_FILES";

    private final EnvironmentSettings settings;
    private final SecretOptions options;
    private final boolean allRequired;
    private final boolean wiped;
    private final List<SecretFile> files = new ArrayList<>();
    private final Map<Path, String> variableByFile = new HashMap<>();

    private SecretFileSettings(EnvironmentSettings settings, SecretOptions options) {
        this.settings = settings;
        this.options = options;
        this.allRequired = settings.flag(ALL_REQUIRED, false);
        this.wiped = settings.flag(WIPE, false);
    }

    /**
     * The files in the order of their variables' names, the nameless one first; what is wrong becomes a fault.
     *
     * @param options how fresh those are kept that have no TTL of their own
     */
    public static List<SecretFile> read(EnvironmentSettings settings, SecretOptions options) {
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
        if (path == null) {
            for (String half : DETAILS) {
                if (settings.isSet(half)) {
                    belongsToNone(half, "");
                }
            }
        }
    }

    private void named() {
        Set<String> endings = endings(List.of(PATH, FILE));
        for (String ending : endings) {
            if (ending.equals("_")) {
                settings.fault((settings.isSet(PATH + ending) ? PATH : FILE)
                        + "_ has nothing after the underscore: add a name, such as " + PATH + "_DB with " + FILE
                        + "_DB");
            } else {
                add(ending, half(PATH + ending, FILE + ending), half(FILE + ending, PATH + ending));
            }
        }
        for (String half : DETAILS) {
            for (String ending : endings(List.of(half))) {
                if (!endings.contains(ending)) {
                    belongsToNone(half, ending);
                }
            }
        }
    }

    private void belongsToNone(String half, String ending) {
        settings.fault(half + ending + " belongs to no secret: there is no " + PATH + ending);
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
        if (value == null) {
            settings.fault(variable + (settings.isSet(variable) ? " is blank" : " is missing") + ": " + partner
                    + " needs it, the one is the secret's path and the other its file");
        }
        return value;
    }

    /** Reads all there is to a file, so that its faults are told together, however many. */
    private void add(String ending, @Nullable String path, @Nullable String fileName) {
        SecretReference reference = path == null ? null : reference(PATH + ending, path);
        Path file = fileName == null ? null : file(FILE + ending, fileName);
        FileFormat format = format(FORMAT + ending);
        Set<PosixFilePermission> mode = mode(MODE + ending);
        // vault-lambda-extension goes on without a secret, and so whoever takes its place does for files in its format.
        boolean likeItsPredecessor =
                reference != null && reference.field() == null && (format == null || format == FileFormat.RESPONSE);
        boolean optional = settings.flag(OPTIONAL + ending, likeItsPredecessor && !allRequired);
        Duration ttl = settings.duration(TTL + ending, options.ttl());
        if (reference == null || file == null) {
            return;
        }
        SecretFile secretFile =
                SecretFile.of(reference, file).withOptional(optional).withDeletedOnClose(wiped);
        if (mode != null) {
            secretFile = secretFile.withMode(mode);
        }
        if (settings.isSet(TTL + ending)) {
            secretFile = secretFile.withOptions(options.withTtl(ttl).withRefreshAhead(false));
        }
        files.add(format == null ? secretFile : formatted(secretFile, format, FORMAT + ending));
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
        if (file.getFileName() == null || namesADirectory(fileName)) {
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

    private static boolean namesADirectory(String fileName) {
        String name = fileName.substring(fileName.lastIndexOf('/') + 1);
        return name.isEmpty() || name.equals(".") || name.equals("..");
    }

    private @Nullable FileFormat format(String variable) {
        String name = settings.text(variable);
        if (name == null) {
            return null;
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
        }
        return format;
    }

    private SecretFile formatted(SecretFile file, FileFormat format, String variable) {
        try {
            return file.withFormat(format);
        } catch (IllegalArgumentException e) {
            settings.fault(variable + " is \"" + settings.text(variable) + "\", but " + e.getMessage());
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
