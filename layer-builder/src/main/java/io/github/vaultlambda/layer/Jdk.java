package io.github.vaultlambda.layer;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A JDK on this machine.
 *
 * @param home its folder
 * @param feature its feature release, 25 for example
 */
public record Jdk(Path home, int feature) {
    /** The first with caches of profiles and linked classes (JEP 483, 514, 515). */
    private static final int OLDEST = 25;

    /**
     * A JDK that can build a runtime with a cache: the named one, else the one that runs this, else the newest that lies beside it.
     *
     * @param named a JDK's folder, or nothing: the variable {@code JAVA_25_HOME}
     * @param running the folder of the Java that runs this
     * @return null when there is none
     * @throws IOException when the named folder holds no such JDK
     */
    public static @Nullable Jdk find(@Nullable String named, Path running) throws IOException {
        if (named != null && !named.isBlank()) {
            Jdk jdk = at(Path.of(named.strip()));
            if (jdk == null) {
                throw new IOException("JAVA_25_HOME is " + named + ", where no JDK 25 or newer with jlink is");
            }
            return jdk;
        }
        Path home = running.toRealPath();
        Jdk own = at(home);
        if (own != null || home.getParent() == null) {
            return own;
        }
        List<Jdk> found = new ArrayList<>();
        try (Stream<Path> folders = Files.list(home.getParent())) {
            for (Path folder : folders.sorted().toList()) {
                Jdk jdk = at(folder);
                if (jdk != null) {
                    found.add(jdk);
                }
            }
        }
        return found.stream()
                .reduce((one, other) -> other.feature > one.feature ? other : one)
                .orElse(null);
    }

    /** The file "release" of the JDK, which tells the exact build. */
    String release() throws IOException {
        return Files.readString(home.resolve("release"));
    }

    /** Its launcher. */
    public Path java() {
        return home.resolve("bin").resolve("java");
    }

    Path jlink() {
        return home.resolve("bin").resolve("jlink");
    }

    private static @Nullable Jdk at(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isRegularFile(release) || !Files.isExecutable(home.resolve("bin/jlink"))) {
            return null;
        }
        Properties properties = new Properties();
        properties.load(new StringReader(Files.readString(release)));
        int feature = feature(properties.getProperty("JAVA_VERSION", ""));
        return feature >= OLDEST ? new Jdk(home, feature) : null;
    }

    /** {@code "25.0.3"}, quotes included, is 25; what is no version is 0. */
    private static int feature(String quoted) {
        try {
            return Runtime.Version.parse(quoted.replace("\"", "")).feature();
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }
}
