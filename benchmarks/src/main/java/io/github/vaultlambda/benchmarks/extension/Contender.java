package io.github.vaultlambda.benchmarks.extension;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An extension that is compared with others.
 *
 * @param name its column
 * @param command how it is started
 * @param port where its proxy listens
 * @param size bytes of what is uploaded: a layer's zip, or the executable alone
 */
record Contender(String name, List<String> command, int port, long size) {
    /** The variable that names the executable of another extension, HashiCorp's for example, to compare with. */
    static final String PEER = "EXTENSION_PEER";

    private static final int PORT = 18_200;
    /** That of vault-lambda-extension, which cannot be told another. */
    private static final int PEER_PORT = 8200;

    private static final Path BUILT = Path.of("..", "extension-binary", "target");
    private static final String NAME = "vault-lambda-extension";

    /** The peer first, if there is one, then what has been built of ours. */
    static List<Contender> all(@Nullable String peer) throws IOException {
        List<Contender> all = new ArrayList<>();
        if (peer != null && !peer.isBlank()) {
            Path executable = Path.of(peer).toAbsolutePath();
            all.add(new Contender("peer", List.of(executable.toString()), PEER_PORT, Files.size(executable)));
        }
        addLayer(all, "native image", "native-layer");
        addLayer(all, "own Java", "layer");
        Path jars = BUILT.resolve("jars").toAbsolutePath().normalize();
        if (Files.isDirectory(jars)) {
            all.add(new Contender("jars", command(jars), PORT, size(jars)));
        }
        return all;
    }

    private static void addLayer(List<Contender> all, String name, String folder) throws IOException {
        Path executable = BUILT.resolve(folder).resolve("extensions").resolve(NAME);
        Path zip = BUILT.resolve(NAME + "-" + folder + ".zip");
        if (Files.exists(executable) && Files.exists(zip)) {
            String command = executable.toAbsolutePath().normalize().toString();
            all.add(new Contender(name, List.of(command), PORT, Files.size(zip)));
        }
    }

    /** As the layer's launcher starts them where there is a Java. */
    private static List<String> command(Path jars) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xms2m",
                "-Xmn1m",
                "-Xmx64m",
                "-Xss512k",
                "-XX:MaxMetaspaceSize=64m",
                "-XX:ReservedCodeCacheSize=16m",
                "-XX:-UsePerfData",
                "-cp",
                jars + "/*",
                "io.github.vaultlambda.extension.ExtensionMain");
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
