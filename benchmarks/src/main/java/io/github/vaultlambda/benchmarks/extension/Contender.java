package io.github.vaultlambda.benchmarks.extension;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * An extension that is compared with others.
 *
 * @param name its row
 * @param executable what Lambda would start
 * @param variables what it needs beside those of a function
 * @param port where its proxy listens
 * @param size bytes of what is uploaded, zipped
 */
record Contender(String name, Path executable, Map<String, String> variables, int port, long size) {
    /** The variable that names the executable of another extension, HashiCorp's for example, to compare with. */
    static final String PEER = "EXTENSION_PEER";

    /** How it is called. */
    static final String PEER_NAME = "peer";

    private static final int PORT = 18_200;
    /** That of vault-lambda-extension, which cannot be told another. */
    private static final int PEER_PORT = 8200;

    private static final String NAME = "vault-lambda-extension";

    List<String> command() {
        return List.of(executable.toString());
    }

    /**
     * The peer first, if there is one, then what has been built of ours.
     *
     * @param peer its executable
     * @param built the folder {@code target} of the extension
     * @throws IOException when there is no such peer
     */
    static List<Contender> all(@Nullable String peer, Path built) throws IOException {
        List<Contender> all = new ArrayList<>();
        if (peer != null && !peer.isBlank()) {
            Path executable = Path.of(peer).toAbsolutePath();
            if (!Files.isRegularFile(executable) || !Files.isExecutable(executable)) {
                throw new IOException(PEER + " has to name an executable file, which " + executable + " is not");
            }
            all.add(new Contender(PEER_NAME, executable, port(PEER_PORT), PEER_PORT, zippedSize(executable)));
        }
        Path target = built.toAbsolutePath().normalize();
        addLayer(all, "native layer", target, "native-layer");
        addLayer(all, "Java layer", target, "layer");
        addJars(all, target);
        return all;
    }

    private static void addLayer(List<Contender> all, String name, Path target, String folder) throws IOException {
        Path executable = executable(target.resolve(folder));
        Path zip = target.resolve(NAME + "-" + folder + ".zip");
        if (Files.exists(executable) && Files.exists(zip)) {
            all.add(new Contender(name, executable, port(PORT), PORT, Files.size(zip)));
        }
    }

    /** As a layer without a Java of its own, which takes the one that runs this. */
    private static void addJars(List<Contender> all, Path target) throws IOException {
        Path jars = target.resolve("jars");
        Path launcher = executable(target.resolve("layer"));
        if (!Files.isDirectory(jars) || !Files.exists(launcher)) {
            return;
        }
        Path layer = target.resolve("jars-layer");
        Path lib = layer.resolve(NAME).resolve("lib");
        Files.createDirectories(executable(layer).getParent());
        Files.createDirectories(lib.getParent());
        Files.copy(
                launcher, executable(layer), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        Files.deleteIfExists(lib);
        Files.createSymbolicLink(lib, jars);
        try (Stream<Path> files = Files.list(jars)) {
            all.add(new Contender(
                    "jars, Java " + Runtime.version().feature(),
                    executable(layer),
                    Map.of(
                            "VAULT_EXTENSION_JAVA_HOME",
                            System.getProperty("java.home"),
                            "VAULT_EXTENSION_PROXY_PORT",
                            Integer.toString(PORT)),
                    PORT,
                    zippedSize(files.sorted().toArray(Path[]::new))));
        }
    }

    private static Path executable(Path layer) {
        return layer.resolve("extensions").resolve(NAME);
    }

    private static Map<String, String> port(int port) {
        return Map.of("VAULT_EXTENSION_PROXY_PORT", Integer.toString(port));
    }

    private static long zippedSize(Path... files) throws IOException {
        CountingStream bytes = new CountingStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Path file : files) {
                zip.putNextEntry(new ZipEntry(file.getFileName().toString()));
                Files.copy(file, zip);
            }
        }
        return bytes.count;
    }

    /** Keeps nothing. */
    private static final class CountingStream extends OutputStream {
        private long count;

        @Override
        public void write(int oneByte) {
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            count += length;
        }
    }
}
