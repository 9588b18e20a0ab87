package io.github.vaultlambda.layer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The program that the extension's build calls to fill {@code target/layer} (argument {@code java}) or {@code target/native-layer}
 * (argument {@code native}). It is told by system properties, all but the last two of them for both:
 *
 * <ul>
 *   <li>{@code layer}: the folder to fill; {@code work}: one for what is needed meanwhile
 *   <li>{@code scripts}: the folder with the layer's scripts; {@code jars}: that with the extension's jars and all they need
 *   <li>{@code licence}: our own; {@code time}: what all files get, so that two builds make the same
 *   <li>{@code image}: the executable; {@code graalvm}: the home of what made it
 * </ul>
 *
 * <p>{@code JAVA_25_HOME} names the JDK that the Java layer is linked from. Without it, it is the JDK that runs this or one that lies
 * beside it. Where there is none, the layer has the jars alone and needs a Java where it runs.
 */
final class LayerBuilder {
    private static final String HOME = "vault-lambda-extension";

    private final Folder layer = new Folder(path("layer"));
    private final Folder work = new Folder(path("work"));
    private final Folder scripts = new Folder(path("scripts"));
    private final List<Path> jars = new Folder(path("jars")).files();

    private LayerBuilder() throws IOException {}

    /** See above; the exit code is 1 when the layer could not be made. */
    public static void main(String[] arguments) throws Exception {
        String kind = arguments.length == 1 ? arguments[0] : "";
        LayerBuilder builder = new LayerBuilder();
        switch (kind) {
            case "java" -> builder.java();
            case "native" -> builder.nativeImage();
            default -> throw new IllegalArgumentException("java or native, not \"" + kind + "\"");
        }
    }

    /** Takes some seconds, so it is done only when something has changed. */
    private void java() throws IOException, InterruptedException, TimeoutException {
        Jdk jdk = Jdk.find(System.getenv("JAVA_25_HOME"), path("java.home"));
        String made = Fingerprint.of(inputs(), jdk == null ? "no JDK" : jdk.release());
        Path stamp = work.path().resolve("made");
        if (Files.exists(stamp)
                && Files.exists(layer.path())
                && Files.readString(stamp).equals(made)) {
            return;
        }
        layer.emptied();
        work.emptied();
        layer.add(scripts);
        if (jdk == null) {
            System.out.println("No JDK 25 or newer was found (JAVA_25_HOME): " + layer.path()
                    + " has no runtime of its own and needs a Java 17 or newer where it runs");
            jarsAlone();
        } else {
            new JavaLayer(jdk, jars, layer, work).build();
        }
        finish();
        Files.writeString(stamp, made);
    }

    private void nativeImage() throws IOException {
        layer.emptied();
        new NativeLayer(path("image"), path("graalvm"), layer.path().resolve(HOME)).build(scripts, layer);
        finish();
    }

    private void jarsAlone() throws IOException {
        Path library = Files.createDirectories(layer.path().resolve(HOME).resolve("lib"));
        for (Path jar : jars) {
            Files.copy(jar, library.resolve(String.valueOf(jar.getFileName())));
        }
    }

    private void finish() throws IOException {
        Licences.write(path("licence"), jars, layer.path().resolve(HOME).resolve("legal"));
        layer.settle(Instant.parse(text("time")));
    }

    /** All that the layer is made of, and what makes it. */
    private List<Path> inputs() throws IOException {
        List<Path> inputs = new ArrayList<>(jars);
        inputs.addAll(scripts.content());
        for (String entry : text("java.class.path").split(":", -1)) {
            Path path = Path.of(entry);
            if (Files.exists(path) && !path.endsWith("test-classes")) { // of the extension, whose class path this is
                inputs.addAll(new Folder(path).content());
            }
        }
        return inputs;
    }

    private static Path path(String property) {
        return Path.of(text(property));
    }

    private static String text(String property) {
        @Nullable String value = System.getProperty(property);
        if (value == null) {
            throw new IllegalArgumentException("the property " + property + " is missing");
        }
        return value;
    }
}
