package io.github.vaultlambda.benchmarks.coldstart;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.handler.VaultHandler;
import io.github.vaultlambda.secrets.VaultSecrets;
import io.github.vaultlambda.testkit.TestSecrets;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.crac.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;

/**
 * The jars that a function with such a program would have, and no others.
 *
 * @param entries the jar of the program itself, then the others
 */
public record ClassPath(List<Path> entries) {
    private static final Path PEERS = Path.of("peers");

    static ClassPath of(Program program) throws IOException {
        String peer = program.peer();
        if (peer != null) {
            return ofPeer(PEERS.resolve(peer).resolve("target"));
        }
        return switch (program) {
            case LIBRARY -> ofLibrary();
            case ANNOTATED, DECORATOR ->
                ofLibrary().afterThatOf(RequestHandler.class).with(VaultHandler.class);
            case SILENT_LIBRARY ->
                ofLibrary().without(home(LoggerFactory.getILoggerFactory().getClass()));
            default -> of(FreshJvm.class);
        };
    }

    /** The library and the testkit, for programs that bring a Vault of their own. */
    public static ClassPath ofLibraryAndTestkit() {
        return ofLibrary().with(TestSecrets.class);
    }

    /** A function that is written with the library, with SnapStart's hooks and AWS's runtime client. */
    static ClassPath ofFunction() {
        return ofLibrary()
                .with(
                        VaultHandler.class,
                        RequestHandler.class,
                        Resource.class,
                        AWSLambda.class,
                        PojoSerializer.class,
                        SdkInternalThreadLocal.class);
    }

    /** This after what that class is from: the runtime has it on its own class path, which is searched first. */
    private ClassPath afterThatOf(Class<?> type) {
        List<Path> more = new ArrayList<>(entries);
        more.add(1, home(type));
        return new ClassPath(List.copyOf(more));
    }

    /** This with what these classes are from. */
    private ClassPath with(Class<?>... types) {
        List<Path> more = new ArrayList<>(entries);
        for (Class<?> type : types) {
            more.add(home(type));
        }
        return new ClassPath(List.copyOf(more));
    }

    static ClassPath ofLibrary() {
        return of(
                FreshJvm.class,
                VaultSecrets.class,
                VaultSession.class,
                Caffeine.class,
                JsonFactory.class,
                ObjectMapper.class,
                JsonProperty.class,
                Logger.class,
                LoggerFactory.getILoggerFactory().getClass());
    }

    /** The build of the peer has written down what Maven resolved for it alone. */
    private static ClassPath ofPeer(Path target) throws IOException {
        Path resolved = target.resolve("class-path");
        if (!Files.exists(resolved)) {
            throw new IOException(resolved.toAbsolutePath() + " is missing: build with -am -Pbenchmarks");
        }
        List<Path> entries = new ArrayList<>();
        entries.add(jarIn(target.toAbsolutePath()));
        for (String entry : Files.readString(resolved).strip().split(File.pathSeparator, -1)) {
            entries.add(Path.of(entry));
        }
        return new ClassPath(List.copyOf(entries));
    }

    private static ClassPath of(Class<?>... classes) {
        return new ClassPath(Stream.of(classes).map(ClassPath::home).distinct().toList());
    }

    private ClassPath without(Path entry) {
        return new ClassPath(
                entries.stream().filter(other -> !other.equals(entry)).toList());
    }

    private static Path home(Class<?> type) {
        try {
            Path home = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
            return Files.isDirectory(home) ? jarIn(home.resolveSibling("")) : home;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the build has made of the classes there: to find a class in a folder costs a fresh JVM more than in a jar. */
    private static Path jarIn(Path target) throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException(target + " has no jar: build with verify -am -Pbenchmarks"));
        }
    }

    /** As the JVM takes it. */
    String argument() {
        return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** What the program needs beside itself. */
    List<String> dependencies() {
        return entries.stream()
                .skip(1)
                .map(entry -> entry.getFileName().toString())
                .toList();
    }

    /** How many bytes that is. */
    long dependencyBytes() throws IOException {
        long bytes = 0;
        for (Path entry : entries.subList(1, entries.size())) {
            bytes += Files.size(entry);
        }
        return bytes;
    }
}
