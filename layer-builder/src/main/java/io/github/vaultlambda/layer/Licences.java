package io.github.vaultlambda.layer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The licences of what a layer holds: our own, and those in the jars, whose classes may be there in another form. */
final class Licences {
    private static final String PLACE = "META-INF/";

    private Licences() {}

    /** Writes them into this folder, with one in it for each jar that has some. */
    static void write(Path own, List<Path> jars, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.copy(own, folder.resolve("LICENSE"));
        for (Path jar : jars) {
            String name = String.valueOf(jar.getFileName());
            extract(jar, folder.resolve(name.substring(0, name.length() - ".jar".length())));
        }
    }

    private static void extract(Path jar, Path folder) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : zip.stream().filter(Licences::isText).toList()) {
                Files.createDirectories(folder);
                try (InputStream in = zip.getInputStream(entry)) {
                    Files.copy(in, folder.resolve(entry.getName().substring(PLACE.length())));
                }
            }
        }
    }

    private static boolean isText(ZipEntry entry) {
        String name = entry.getName();
        return name.startsWith(PLACE)
                && name.indexOf('/', PLACE.length()) < 0
                && (name.contains("LICENSE") || name.contains("NOTICE"));
    }
}
