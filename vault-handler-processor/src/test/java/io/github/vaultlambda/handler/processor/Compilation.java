package io.github.vaultlambda.handler.processor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Classes of a user, compiled with the processor by the JDK that runs the test, with all warnings on. */
final class Compilation {
    private final Path classes;
    private final Path sources;
    private final List<Diagnostic<? extends JavaFileObject>> diagnostics;

    private Compilation(Path classes, Path sources, List<Diagnostic<? extends JavaFileObject>> diagnostics) {
        this.classes = classes;
        this.sources = sources;
        this.diagnostics = diagnostics;
    }

    /** Compiles sources, each of which begins with its package and declares one public or first class. */
    static Compilation of(Path folder, String... sources) {
        return of(folder, List.of(), sources);
    }

    static Compilation of(Path folder, List<String> options, String... sources) {
        try {
            Path classes = Files.createDirectories(folder.resolve("classes"));
            Path generated = Files.createDirectories(folder.resolve("generated"));
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
            List<String> all = new ArrayList<>(List.of(
                    "--release",
                    "17",
                    "-parameters",
                    "-Xlint:all,-options,-path",
                    "-d",
                    classes.toString(),
                    "-s",
                    generated.toString(),
                    "-classpath",
                    System.getProperty("java.class.path") + java.io.File.pathSeparator + classes));
            all.addAll(options);
            try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, Locale.ROOT, UTF_8)) {
                JavaCompiler.CompilationTask task = compiler.getTask(
                        null,
                        files,
                        diagnostics,
                        all,
                        null,
                        Stream.of(sources).map(Source::new).toList());
                if (!options.contains("-proc:none")) {
                    task.setProcessors(List.of(new VaultSecretProcessor()));
                }
                task.call();
            }
            return new Compilation(classes, generated, diagnostics.getDiagnostics());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("memory:///" + path(text)), Kind.SOURCE);
            this.text = text;
        }

        private static String path(String text) {
            if (text.startsWith("module ") || text.startsWith("open module ")) {
                return "module-info.java";
            }
            String folder = text.startsWith("package ")
                    ? text.substring(8, text.indexOf(';')).strip().replace('.', '/') + "/"
                    : "";
            var name = java.util.regex.Pattern.compile("(?m)^(?:[a-z@].*)?\\b(?:class|record|interface|enum) ([\\w$]+)")
                    .matcher(text);
            if (!name.find()) {
                throw new IllegalArgumentException("no class in " + text);
            }
            return folder + name.group(1) + ".java";
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Errors and warnings, as {@code line: ERROR message}, in the order in which they were told. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics) {
            if (diagnostic.getKind() != Diagnostic.Kind.NOTE) {
                complaints.add(diagnostic.getLineNumber() + ": " + diagnostic.getKind() + " "
                        + diagnostic.getMessage(Locale.ROOT));
            }
        }
        return complaints;
    }

    /** What of the source each complaint points at. */
    List<String> places() {
        List<String> places = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics) {
            JavaFileObject source = diagnostic.getSource();
            if (diagnostic.getKind() != Diagnostic.Kind.NOTE && source != null) {
                try {
                    places.add(source.getCharContent(true)
                            .subSequence((int) diagnostic.getStartPosition(), (int) diagnostic.getEndPosition())
                            .toString());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return places;
    }

    /** The generated sources, by their names. */
    Map<String, String> generated() {
        Map<String, String> generated = new TreeMap<>();
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                generated.put(sources.relativize(file).toString(), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return generated;
    }

    /** Loads what was compiled. */
    ClassLoader load() {
        try {
            return new URLClassLoader(new URL[] {classes.toUri().toURL()}, Compilation.class.getClassLoader());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path classes() {
        return classes;
    }

    /** Makes an object by the constructor with these arguments, all of the types given. */
    static Object make(Class<?> type, Class<?> parameter, @Nullable Object argument) throws Exception {
        return type.getConstructor(parameter).newInstance(argument);
    }
}
