package io.github.vaultlambda.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;

/**
 * Whether tests may use a Docker engine. Without one, or without the images, they are skipped, and say so. With {@code -Dvaultlambda.engines=required}
 * they fail instead. With {@code docker} in the property {@code vaultlambda.lacking} or the variable
 * {@code VAULTLAMBDA_LACKING}, a list of what the machine is to be taken to lack, nobody even looks.
 */
final class DockerEngine {
    private static final String NO_ENGINE = "there is no Docker engine";
    private static final Duration LONGEST_PULL = Duration.ofMinutes(10);
    private static final String CONTRACT = "the contract suite ran on the stand-in only";

    private DockerEngine() {}

    /** Ends the contract suite as skipped, or as failed, when there is no Docker engine to use. */
    static void assume() {
        assume(CONTRACT, List.of());
    }

    /**
     * Ends a test as skipped, or as failed, when there is no Docker engine to use.
     *
     * @param consequence what to say of a test that is skipped
     * @param images what the test starts beside the engines
     */
    static void assume(String consequence, List<String> images) {
        if (isListed(System.getProperty("vaultlambda.lacking")) || isListed(System.getenv("VAULTLAMBDA_LACKING"))) {
            skip("no Docker engine: " + consequence + " (by setting)");
        }
        String trouble = trouble(images);
        if (trouble == null) {
            return;
        }
        if ("required".equals(System.getProperty("vaultlambda.engines"))) {
            throw new AssertionError("vaultlambda.engines=required, but " + trouble);
        }
        skip(trouble.equals(NO_ENGINE) ? "no Docker engine: " + consequence : consequence + ": " + trouble);
    }

    /**
     * Why the engine cannot be used, or null when it can. Images are looked for before Testcontainers is asked, which would try
     * for minutes where there is an engine but no registry, and then fail.
     */
    private static @Nullable String trouble(List<String> more) {
        try {
            if (docker("version") != 0) {
                return NO_ENGINE;
            }
            for (String image : images(more)) {
                if (docker("image", "inspect", image) != 0 && docker("pull", "--quiet", image) != 0) {
                    return "the image " + image + " is neither there nor to be had";
                }
            }
        } catch (IOException e) {
            // No command line: Testcontainers may find the engine all the same.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted while looking for a Docker engine";
        }
        return DockerClientFactory.instance().isDockerAvailable() ? null : NO_ENGINE;
    }

    /** What is started: the engines, and what Testcontainers itself uses to probe and to clean up. */
    private static List<String> images(List<String> more) {
        Map<String, String> environment = System.getenv();
        List<String> images = new ArrayList<>(List.of(
                RealEngine.VAULT_IMAGE,
                RealEngine.LOCALSTACK_IMAGE,
                PostgresServer.IMAGE,
                environment.getOrDefault("TESTCONTAINERS_TINYIMAGE_CONTAINER_IMAGE", "alpine:3.17")));
        images.addAll(more);
        if (!"true".equals(environment.get("TESTCONTAINERS_RYUK_DISABLED"))) {
            images.add(environment.getOrDefault("TESTCONTAINERS_RYUK_CONTAINER_IMAGE", "testcontainers/ryuk:0.14.0"));
        }
        return images;
    }

    private static int docker(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(LONGEST_PULL.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return -1;
        }
        return process.exitValue();
    }

    /** Not through System.err, which ends in the test's output file: whoever builds should see what was not tested. */
    private static void skip(String why) {
        // not closed: that would close the process's standard error
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8).println(why);
        Assumptions.abort(why);
    }

    private static boolean isListed(@Nullable String lacking) {
        return lacking != null && Arrays.asList(lacking.split(",", -1)).contains("docker");
    }
}
