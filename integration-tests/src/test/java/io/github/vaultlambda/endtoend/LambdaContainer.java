package io.github.vaultlambda.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.vaultlambda.contract.FunctionEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * A function under AWS's Lambda runtime interface emulator, in a container: everything read-only but {@code /tmp}, as in Lambda.
 * The environment is initialised by the first invocation. Its output ends up where the search for secrets looks.
 */
final class LambdaContainer implements AutoCloseable {
    static final String IMAGE = System.getProperty("vaultlambda.lambda.image", "vault-lambda-engines/lambda:1");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path LOGS = Path.of("target", "container-logs");

    private final GenericContainer<?> container;
    private final String name;

    private LambdaContainer(GenericContainer<?> container, String name) {
        this.container = container;
        this.name = name;
    }

    /** A function of {@code examples}; its handler setting is the name of the class. */
    static Builder java(Class<?> handler) {
        return new Builder("AWS_Lambda_java17", handler.getName(), FunctionFolders.java())
                .mount(FunctionFolders.javaRuntime(), "/var/runtime/lib");
    }

    /** The function of {@code functions/python}. */
    static Builder python() {
        return new Builder("AWS_Lambda_python3.11", "function.handler", FunctionFolders.script("python"));
    }

    /** The function of {@code functions/node}. */
    static Builder node() {
        return new Builder("AWS_Lambda_nodejs18.x", "function.handler", FunctionFolders.script("node"));
    }

    /** The function's answer, or the error object; a text where the emulator answers with one. */
    JsonNode invoke(String event) {
        URI address = URI.create("http://" + container.getHost() + ":" + container.getMappedPort(8080)
                + "/2015-03-31/functions/function/invocations");
        String body;
        try {
            body = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(address)
                                    .timeout(Duration.ofMinutes(2))
                                    .POST(HttpRequest.BodyPublishers.ofString(event))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(body);
        }
    }

    /** Runs a shell command as the function's user; the answer is its output. */
    String shell(String command) {
        try {
            return container.execInContainer("sh", "-c", command).getStdout();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Freezes the extension and the runtime, as Lambda does between invocations; the emulator goes on. */
    void freeze() {
        shell("kill -STOP -1");
    }

    /** Lets them go on. */
    void thaw() {
        shell("kill -CONT -1");
    }

    /** Ends the environment in order: the extensions get SHUTDOWN. */
    void shutDown() {
        DockerClientFactory.instance()
                .client()
                .stopContainerCmd(container.getContainerId())
                .withTimeout(20)
                .exec();
    }

    /** All that was printed so far. */
    String log() {
        return container.getLogs();
    }

    @Override
    public void close() {
        try {
            Files.createDirectories(LOGS);
            Files.writeString(LOGS.resolve("lambda-" + name + ".log"), container.getLogs(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            container.stop();
        }
    }

    /** Settings for a function. */
    static final class Builder {
        private final String runtime;
        private final String handler;
        private final Map<String, String> variables = new LinkedHashMap<>();
        private final Map<Path, String> folders = new LinkedHashMap<>();
        private String tmp = "rw,exec,size=512m,mode=1777";

        private Builder(String runtime, String handler, Path task) {
            this.runtime = runtime;
            this.handler = handler;
            folders.put(task, "/var/task");
        }

        Builder variables(Map<String, String> more) {
            variables.putAll(more);
            return this;
        }

        Builder variable(String key, String value) {
            variables.put(key, value);
            return this;
        }

        /** A layer, as it lies below /opt. */
        Builder layer(Path layer) {
            return mount(layer, "/opt");
        }

        /** How {@code /tmp} is mounted; the default is 512 MB, to be written by all. */
        Builder tmp(String options) {
            tmp = options;
            return this;
        }

        private Builder mount(Path folder, String place) {
            folders.put(folder, place);
            return this;
        }

        /** Starts the container; {@code name} is that of its log. */
        @SuppressWarnings("resource") // closed with what it becomes
        LambdaContainer start(FunctionEngine engine, String name) {
            GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(IMAGE))
                    .withNetwork(engine.network())
                    .withExposedPorts(8080)
                    .withEnv("AWS_EXECUTION_ENV", runtime)
                    .withEnv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
                    .withEnv("AWS_LAMBDA_FUNCTION_TIMEOUT", "60")
                    .withEnv(variables)
                    .withTmpFs(Map.of("/tmp", tmp))
                    .withCreateContainerCmdModifier(command ->
                            Objects.requireNonNull(command.getHostConfig()).withReadonlyRootfs(true))
                    .withCommand(handler)
                    .waitingFor(Wait.forHttp("/").forPort(8080).forStatusCodeMatching(status -> true));
            folders.forEach((folder, place) ->
                    container.withFileSystemBind(folder.toAbsolutePath().toString(), place, BindMode.READ_ONLY));
            container.start();
            return new LambdaContainer(container, name);
        }
    }
}
