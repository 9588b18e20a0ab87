package io.github.vaultlambda.extension;

import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.secrets.SecretFile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads which secrets go to which files: {@code VAULT_SECRET_PATH} with {@code VAULT_SECRET_FILE}, and any number of pairs
 * whose names go on with {@code _} and the same ending. For one thread at start-up.
 */
final class SecretFileSettings {
    private static final Logger LOG = LoggerFactory.getLogger(SecretFileSettings.class);
    private static final String PATH = "VAULT_SECRET_PATH";
    private static final String FILE = "VAULT_SECRET_FILE";
    private static final Path BASE = Path.of("/tmp/vault");
    private static final String DEFAULT_FILE = "secret.json";

    private final EnvironmentSettings settings;
    private final List<SecretFile> files = new ArrayList<>();
    private final Map<Path, String> variableByFile = new TreeMap<>();

    private SecretFileSettings(EnvironmentSettings settings) {
        this.settings = settings;
    }

    /** The files in the order of their variables' names, the nameless one first; what is wrong becomes a fault. */
    static List<SecretFile> read(EnvironmentSettings settings) {
        SecretFileSettings reading = new SecretFileSettings(settings);
        reading.nameless();
        reading.named();
        return List.copyOf(reading.files);
    }

    private void nameless() {
        String path = settings.text(PATH);
        String file = settings.text(FILE);
        if (path != null) {
            add(PATH, path, FILE, file == null ? DEFAULT_FILE : file);
        } else if (file != null) {
            LOG.warn("{} is set but {} is not: no secret is written to {}", FILE, PATH, file);
        }
    }

    private void named() {
        Set<String> endings = new TreeSet<>();
        for (String half : List.of(PATH, FILE)) {
            for (String variable : settings.namesStartingWith(half + "_")) {
                endings.add(variable.substring(half.length()));
            }
        }
        for (String ending : endings) {
            String path = half(PATH + ending, FILE + ending);
            String file = half(FILE + ending, PATH + ending);
            if (ending.equals("_")) {
                settings.fault((settings.isSet(PATH + ending) ? PATH : FILE)
                        + "_ has nothing after the underscore: add a name, such as " + PATH + "_DB with " + FILE
                        + "_DB");
            } else if (path != null && file != null) {
                add(PATH + ending, path, FILE + ending, file);
            }
        }
    }

    private @Nullable String half(String variable, String partner) {
        String value = settings.text(variable);
        if (value == null && !variable.endsWith("_")) {
            settings.fault(variable + (settings.isSet(variable) ? " is blank" : " is missing") + ": " + partner
                    + " needs it, the one is the secret's path and the other its file");
        }
        return value;
    }

    private void add(String pathVariable, String path, String fileVariable, String fileName) {
        String secret = path.replaceAll("/{2,}", "/").replaceAll("^/", "");
        if (secret.isEmpty()) {
            settings.fault(
                    pathVariable + " is \"" + path + "\": write the path of a secret, such as secret/data/orders/db");
            return;
        }
        Path file;
        try {
            file = BASE.resolve(fileName).normalize();
        } catch (InvalidPathException e) {
            settings.fault(fileVariable + " is \"" + fileName + "\", which is no path of a file");
            return;
        }
        if (file.getFileName() == null) {
            settings.fault(fileVariable + " is \"" + fileName + "\", which is a directory: write the path of a file");
            return;
        }
        String other = variableByFile.putIfAbsent(file, fileVariable);
        if (other != null) {
            settings.fault(other + " and " + fileVariable + " are both the file " + file
                    + ": give each secret a file of its own");
            return;
        }
        files.add(new SecretFile(secret, file));
    }
}
