package io.github.vaultlambda.testkit;

import io.github.vaultlambda.testkit.lambda.LambdaApi;
import io.github.vaultlambda.testkit.lambda.ManagedProcess;
import io.github.vaultlambda.testkit.lambda.Outcome;
import io.github.vaultlambda.testkit.lambda.Sandbox;
import io.github.vaultlambda.testkit.lambda.SandboxFailure;
import io.github.vaultlambda.testkit.lambda.Settings;
import io.github.vaultlambda.testkit.wire.LoopbackServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lambda's execution environment for real processes: extensions and a runtime, which talk to the Runtime API
 * (2018-06-01) and the Extensions API (2020-01-01) on 127.0.0.1.
 *
 * <p>The order is Lambda's: all extensions are started; when each has registered, the runtime is started; the
 * initialisation is over when the runtime asked for an invocation and every extension for an event. Processes get the
 * variables that Lambda sets and those of {@link Builder#environment}; of the test's own environment only PATH, LANG,
 * HOME and TMPDIR. Unlike Lambda, the environment is not rebuilt after a timeout or crash: shut it down and make a new
 * one.
 *
 * <p>With {@link Builder#snapStart} the initialisation ends where Lambda takes its snapshot: the runtime has run its
 * {@code beforeCheckpoint} hooks and waits. {@link #restore()} wakes it, and only then come invocations; what lies between the
 * two is up to the test. It is one process all the time, so what a real snapshot would break goes on unless the test breaks it:
 * connections by {@link VaultStandIn#closeConnections()}, tokens by {@link VaultStandIn#revokeAllTokens()}, time by {@link
 * #freeze()} and waiting.
 *
 * <p>Thread-safe, but an environment runs one invocation at a time, and with {@link Builder#managedInstances} as many as were
 * asked for. {@link #close()} kills what still runs.
 */
public final class LambdaEmulator implements AutoCloseable {
    /** The runtime's name among the processes. */
    public static final String FUNCTION = Sandbox.FUNCTION;

    private final List<LambdaEvent> timeline = new CopyOnWriteArrayList<>();
    private final Sandbox sandbox;
    private final LoopbackServer server;
    private volatile long start = System.nanoTime();

    private LambdaEmulator(Settings settings) {
        this.sandbox = new Sandbox(settings, this::happened);
        LambdaApi api = new LambdaApi(sandbox);
        this.server = LoopbackServer.start("lambda-emulator", 0, api::handle);
    }

    /** Settings for an environment. */
    public static Builder builder() {
        return new Builder();
    }

    /** Host and port, as in AWS_LAMBDA_RUNTIME_API. */
    public String runtimeApi() {
        return "127.0.0.1:" + server.port();
    }

    /**
     * Starts extensions and runtime and waits until all are ready; once per environment.
     *
     * @throws LambdaInitException when a process ends, reports an error or is too slow; all processes are killed then
     */
    public InitReport init() {
        start = System.nanoTime();
        try {
            sandbox.init(runtimeApi());
        } catch (SandboxFailure failure) {
            sandbox.kill();
            throw new LambdaInitException(failure.errorType(), String.valueOf(failure.getMessage()));
        }
        return new InitReport(
                Duration.ofNanos(System.nanoTime() - start),
                Map.copyOf(sandbox.registrationTimes()),
                Map.copyOf(sandbox.readyTimes()));
    }

    /**
     * Wakes what {@link #init()} has left waiting for its snapshot, and returns when the runtime asks for an invocation: its
     * {@code afterRestore} hooks have run then. Once per environment, with SnapStart only.
     *
     * @throws LambdaRestoreException when a hook fails, a process ends, or it takes longer than {@link Builder#restoreTimeout};
     *     all processes are killed then
     * @throws IllegalStateException without SnapStart, before {@link #init()}, or the second time
     */
    public RestoreReport restore() {
        try {
            return new RestoreReport(sandbox.restore());
        } catch (SandboxFailure failure) {
            sandbox.kill();
            throw new LambdaRestoreException(failure.errorType(), String.valueOf(failure.getMessage()));
        }
    }

    /**
     * Stops all processes where they are (SIGSTOP), as Lambda does between invocations and with a snapshot: no timer runs, no
     * connection is served. The next {@link #restore()}, {@link #invoke(byte[])} or {@link #shutdown()} lets them go on. Needs a
     * system with {@code sh} and {@code kill}.
     *
     * @throws IllegalStateException on Managed Instances, which are never frozen
     */
    public void freeze() {
        sandbox.freeze();
    }

    /** Lets frozen processes go on (SIGCONT). */
    public void thaw() {
        sandbox.thaw();
    }

    /**
     * Lets the runtime collect its garbage: what is only held weakly is gone afterwards. It must be a JVM, and the test must run
     * on a JDK, whose {@code jcmd} is used.
     *
     * @throws IllegalStateException when the runtime does not run, is frozen or is no JVM
     */
    public void collectGarbage() {
        sandbox.collectGarbage();
    }

    /** {@link #invoke(byte[])} with UTF-8 text. */
    public InvocationResult invoke(String payload) {
        return invoke(payload.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Invokes the function, and waits until the runtime has answered and every extension that wants INVOKE asked for
     * its next event.
     *
     * @param payload the event, JSON
     * @throws IllegalStateException before {@link #init()} (with SnapStart {@link #restore()}), after a timeout, crash or
     *     shutdown, or when as many invocations run as the environment takes
     */
    public InvocationResult invoke(byte[] payload) {
        Outcome outcome = sandbox.invoke(payload.clone());
        return new InvocationResult(
                outcome.requestId(),
                InvocationResult.Outcome.valueOf(outcome.kind()),
                outcome.payload(),
                outcome.errorType(),
                outcome.duration(),
                outcome.total());
    }

    /**
     * {@link #invoke(String)} for each payload, as many at a time as the environment takes; the results are in the payloads'
     * order.
     */
    public List<InvocationResult> invokeAll(List<String> payloads) {
        ExecutorService callers = Executors.newFixedThreadPool(sandbox.concurrency());
        try {
            List<InvocationResult> results = new ArrayList<>();
            for (Future<InvocationResult> result : callers.invokeAll(payloads.stream()
                    .<Callable<InvocationResult>>map(payload -> () -> invoke(payload))
                    .toList())) {
                results.add(result.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while invocations ran", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("an invocation could not be sent", e.getCause());
        } finally {
            callers.shutdownNow();
        }
    }

    /** {@link #shutdown(String)} because nothing is to do: {@code spindown}. */
    public ShutdownReport shutdown() {
        return shutdown("spindown");
    }

    /**
     * Ends the environment: SIGTERM to the runtime, then the SHUTDOWN event to the extensions that want it, 2 s for all
     * (500 ms with internal extensions only, none without extensions), then SIGKILL. The runtime gets 30 % of the time;
     * extensions that did not register for SHUTDOWN are killed at once.
     *
     * @param reason spindown, timeout or failure
     */
    public ShutdownReport shutdown(String reason) {
        long begin = System.nanoTime();
        Map<String, ShutdownReport.Exit> exits = new LinkedHashMap<>();
        sandbox.shutdown(reason)
                .forEach((name, exit) ->
                        exits.put(name, new ShutdownReport.Exit(exit.code(), exit.duration(), exit.killed())));
        return new ShutdownReport(Duration.ofNanos(System.nanoTime() - begin), Map.copyOf(exits));
    }

    /** What happened so far, in order. */
    public List<LambdaEvent> timeline() {
        return List.copyOf(timeline);
    }

    /** The lines of standard output and error of a process; empty for one that was not started. */
    public List<String> output(String process) {
        ManagedProcess found = sandbox.process(process);
        return found == null ? List.of() : found.output();
    }

    /** The process of an extension, or of the runtime by {@link #FUNCTION}. */
    public ProcessHandle process(String name) {
        ManagedProcess found = sandbox.process(name);
        if (found == null) {
            throw new IllegalArgumentException("no process called " + name + " was started");
        }
        return found.handle();
    }

    @Override
    public void close() {
        sandbox.kill();
        server.close();
    }

    private void happened(String type, String process) {
        timeline.add(
                new LambdaEvent(LambdaEvent.Type.valueOf(type), process, Duration.ofNanos(System.nanoTime() - start)));
    }

    /** Settings for an environment; not thread-safe. */
    public static final class Builder {
        private final Map<String, List<String>> extensions = new LinkedHashMap<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private @Nullable List<String> function;
        private String handler = "handler";
        private String functionName = "test-function";
        private String region = "us-east-1";
        private String accountId = "123456789012";
        private int memorySize = 128;
        private Duration timeout = Duration.ofSeconds(3);
        private @Nullable Duration initTimeout;
        private Duration restoreTimeout = Duration.ofSeconds(10);
        private @Nullable ContainerCredentialsEmulator credentials;
        private Path workDirectory = Path.of("").toAbsolutePath();
        private BiConsumer<String, String> outputListener = (process, line) -> {};

        private Builder() {}

        /** Starts every executable file directly in this directory, as Lambda does in /opt/extensions. */
        public Builder extensionsDirectory(Path directory) {
            try (Stream<Path> files = Files.list(directory)) {
                Map<String, List<String>> found = new TreeMap<>();
                files.filter(Files::isRegularFile)
                        .filter(Files::isExecutable)
                        .forEach(file -> found.put(
                                file.getFileName().toString(),
                                List.of(file.toAbsolutePath().toString())));
                extensions.putAll(found);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot list " + directory, e);
            }
            return this;
        }

        /** Starts an extension; it must register under this name. */
        public Builder extension(String name, List<String> command) {
            extensions.put(Objects.requireNonNull(name, "name"), List.copyOf(command));
            return this;
        }

        /**
         * The runtime's command. With AWS_LAMBDA_EXEC_WRAPPER in the environment that script is called with it. Without
         * a function the emulator answers itself, with the payload.
         */
        public Builder function(List<String> command) {
            this.function = List.copyOf(command);
            return this;
        }

        /**
         * A Java function under AWS's runtime interface client, started nearly as Lambda's managed runtime starts it; replaces
         * {@link #function} and {@link #handler}.
         *
         * @param classPath the function's class path, with {@code aws-lambda-java-runtime-interface-client} on it
         * @param handlerClass the name of the handler's class, or {@code Class::method}
         * @param jvmOptions further options of the JVM
         */
        public Builder javaFunction(String classPath, String handlerClass, String... jvmOptions) {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xshare:auto"));
            command.addAll(List.of(jvmOptions));
            command.addAll(List.of(
                    "-cp", classPath, "com.amazonaws.services.lambda.runtime.api.client.AWSLambda", handlerClass));
            return function(command).handler(handlerClass);
        }

        /** The function's handler setting, for _HANDLER. */
        public Builder handler(String newHandler) {
            this.handler = Objects.requireNonNull(newHandler, "handler");
            return this;
        }

        /** Adds variables of the function, such as AWS credentials; extensions get them too. */
        public Builder environment(Map<String, String> variables) {
            environment.putAll(variables);
            return this;
        }

        /** Memory in MB; only told to the processes, not enforced. The default is 128. */
        public Builder memorySize(int megabytes) {
            this.memorySize = megabytes;
            return this;
        }

        /** The function's timeout; the default is 3 s. */
        public Builder timeout(Duration newTimeout) {
            this.timeout = Objects.requireNonNull(newTimeout, "timeout");
            return this;
        }

        /**
         * An environment with <a href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html">SnapStart</a>: {@link
         * LambdaEmulator#init()} ends with the snapshot, {@link LambdaEmulator#restore()} follows. As in Lambda, the processes
         * get no AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, even when {@link #environment} has them, but
         * the variables of this endpoint; what it gives can be changed at any time.
         */
        public Builder snapStart(ContainerCredentialsEmulator endpoint) {
            this.credentials = Objects.requireNonNull(endpoint, "endpoint");
            environment.put(Settings.INITIALIZATION_TYPE, Settings.SNAP_START);
            return this;
        }

        /**
         * An environment of <a
         * href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-execution-environment.html">Managed
         * Instances</a>: up to {@code concurrency} invocations at a time, told to the runtime in AWS_LAMBDA_MAX_CONCURRENCY. It
         * is never frozen, extensions cannot register for INVOKE, and an invocation that takes too long is answered with a
         * timeout while its code goes on and keeps its place.
         */
        public Builder managedInstances(int concurrency) {
            if (concurrency < 1) {
                throw new IllegalArgumentException("concurrency is " + concurrency + ": it must be 1 or more");
            }
            environment.put(Settings.INITIALIZATION_TYPE, Settings.MANAGED_INSTANCES);
            environment.put(Settings.MAX_CONCURRENCY, Integer.toString(concurrency));
            return this;
        }

        /** How long {@link LambdaEmulator#restore()} may take; the default is Lambda's 10 s. */
        public Builder restoreTimeout(Duration newRestoreTimeout) {
            this.restoreTimeout = Objects.requireNonNull(newRestoreTimeout, "restoreTimeout");
            return this;
        }

        /**
         * How long the initialisation may take; the default is Lambda's: 10 s, and with SnapStart and on Managed Instances 130 s
         * or the function's timeout, whichever is longer.
         */
        public Builder initTimeout(Duration newInitTimeout) {
            this.initTimeout = Objects.requireNonNull(newInitTimeout, "initTimeout");
            return this;
        }

        /** The region; the default is us-east-1. */
        public Builder region(String newRegion) {
            this.region = Objects.requireNonNull(newRegion, "region");
            return this;
        }

        /** The function's name; the default is test-function. */
        public Builder functionName(String newFunctionName) {
            this.functionName = Objects.requireNonNull(newFunctionName, "functionName");
            return this;
        }

        /** The AWS account; the default is 123456789012. */
        public Builder accountId(String newAccountId) {
            this.accountId = Objects.requireNonNull(newAccountId, "accountId");
            return this;
        }

        /** Where the processes run, and LAMBDA_TASK_ROOT; the default is the test's own directory. */
        public Builder workDirectory(Path directory) {
            this.workDirectory = directory.toAbsolutePath();
            return this;
        }

        /** Gets every line of output with its process's name, on threads of the emulator. */
        public Builder outputListener(BiConsumer<String, String> listener) {
            this.outputListener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** The environment; nothing is started before {@link LambdaEmulator#init()}. */
        public LambdaEmulator build() {
            List<String> command = function;
            Map<String, String> variables = new LinkedHashMap<>(environment);
            if (credentials != null) {
                variables
                        .keySet()
                        .removeAll(List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"));
                variables.putAll(credentials.environment());
            }
            return new LambdaEmulator(new Settings(
                    new LinkedHashMap<>(extensions),
                    command == null ? null : new ArrayList<>(command),
                    handler,
                    functionName,
                    region,
                    accountId,
                    memorySize,
                    timeout,
                    initTimeout,
                    restoreTimeout,
                    workDirectory,
                    Map.copyOf(variables),
                    outputListener));
        }
    }
}
