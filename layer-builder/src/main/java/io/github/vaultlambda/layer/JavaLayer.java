package io.github.vaultlambda.layer;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;

/**
 * The layer that brings its own Java: a runtime with the extension's modules and no others, and a cache of the classes that a
 * training run has loaded (<a href="https://openjdk.org/jeps/514">JEP 514</a>). The modules lie in the runtime, not in jars, because
 * the JVM compares a jar's time with that in the cache, and who unpacks a layer may not keep times.
 *
 * @param jdk what it is linked from
 * @param jars the extension's jars, with all they need
 * @param layer the layer's folder, with its scripts
 * @param work a folder for what is needed meanwhile
 */
record JavaLayer(Jdk jdk, List<Path> jars, Folder layer, Folder work) {
    private static final String HOME = "vault-lambda-extension";
    /** Loaded where the end of threads has to be waited for, which is chance when a training ends. */
    private static final String LOADED_BY_CHANCE = "java/util/concurrent/ForkJoinWorkerThread";

    void build() throws IOException, InterruptedException, TimeoutException {
        link();
        makeCache(recordClasses());
    }

    private void link() throws IOException, InterruptedException {
        List<String> command = List.of(
                jdk.jlink().toString(),
                "--module-path="
                        + String.join(":", jars.stream().map(Path::toString).toList()),
                "--add-modules=" + String.join(",", modules()),
                "--output=" + layer.path().resolve(HOME).resolve("runtime"),
                "--strip-java-debug-attributes",
                "--no-header-files",
                "--no-man-pages",
                "--disable-plugin",
                "dedup-legal-notices", // it makes links, which not everybody unpacks
                "--vm=server",
                "--compress=zip-0"); // the layer's zip does it better, and nearly all classes come out of the cache
        Commands.run(command, Map.of(), work.path().resolve("jlink.log"));
    }

    /** All of the jars, since nobody requires the provider of a service. */
    private List<String> modules() {
        return ModuleFinder.of(jars.toArray(Path[]::new)).findAll().stream()
                .map(module -> module.descriptor().name())
                .sorted()
                .toList();
    }

    /** As text and in the order of names, so that the cache depends on what is loaded and not on when. */
    private Path recordClasses() throws IOException, InterruptedException, TimeoutException {
        Set<String> lines = new TreeSet<>(Set.of(LOADED_BY_CHANCE));
        for (Path list : new Training(executable(), work.path()).classLists()) {
            for (String line : Files.readAllLines(list)) {
                if (!line.startsWith("#")
                        && !line.startsWith("@cp ")) { // which constants of a class were resolved varies
                    int id = line.indexOf(" id: ");
                    lines.add(id < 0 ? line : line.substring(0, id));
                }
            }
        }
        return Files.write(work.path().resolve("extension.classlist"), lines);
    }

    /** With the launcher's own options, so that the cache fits the JVM that will use it. */
    private void makeCache(Path classes) throws IOException, InterruptedException {
        Path log = work.path().resolve("cache.log");
        Path cache = work.path().resolve("extension.aot");
        List<String> command = new ArrayList<>(addressesUnshuffled());
        command.add(executable().toString());
        String options = "-Xshare:dump -XX:SharedClassListFile=" + classes + " -XX:SharedArchiveFile=" + cache;
        Commands.run(command, Map.of("PATH", Commands.PATH, Training.JAVA_OPTIONS, options), log);
        if (!Files.exists(cache)) {
            throw new IOException("no cache was made:\n" + Files.readString(log));
        }
        // By a copy, as a layer is unpacked: of what the JVM has just written, Linux keeps pages in larger pieces, so 2
        // MB more get resident.
        Files.copy(cache, layer.path().resolve(HOME).resolve("extension.aot"), StandardCopyOption.REPLACE_EXISTING);
        Files.delete(cache);
    }

    /** Some addresses of the JVM get into the cache; where they can be kept the same, so are the bytes of the cache. */
    private List<String> addressesUnshuffled() throws InterruptedException {
        List<String> unshuffled = List.of("setarch", "--addr-no-randomize");
        List<String> trial = new ArrayList<>(unshuffled);
        trial.add("true");
        // It may not be installed, or be forbidden in this container.
        return Commands.succeeds(trial, work.path().resolve("setarch.log")) ? unshuffled : List.of();
    }

    private Path executable() {
        return layer.path().resolve("extensions").resolve(HOME);
    }
}
