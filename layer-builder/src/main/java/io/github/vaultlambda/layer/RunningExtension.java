package io.github.vaultlambda.layer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An extension as a process of its own, under a {@link LambdaStub}. One thread at a time. */
public final class RunningExtension implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final LambdaStub lambda;
    private final Process process;
    private final Path log;
    private final Duration start;

    private RunningExtension(LambdaStub lambda, Process process, Path log, Duration start) {
        this.lambda = lambda;
        this.process = process;
        this.log = log;
        this.start = start;
    }

    /**
     * Starts a command and waits until it asks Lambda for its first event.
     *
     * @param command the executable and its arguments
     * @param environment all variables but AWS_LAMBDA_RUNTIME_API, which is added
     * @param log where the process's output goes
     * @throws IOException when the process ends, or is not ready within two minutes; with its output
     */
    public static RunningExtension start(List<String> command, Map<String, String> environment, Path log)
            throws IOException, InterruptedException {
        LambdaStub lambda = new LambdaStub();
        try {
            return start(lambda, command, environment, log);
        } catch (IOException | InterruptedException | RuntimeException e) {
            lambda.close();
            throw e;
        }
    }

    private static RunningExtension start(
            LambdaStub lambda, List<String> command, Map<String, String> environment, Path log)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("AWS_LAMBDA_RUNTIME_API", lambda.address());
        long begin = System.nanoTime();
        Process process = builder.start();
        String end = "is not ready after " + PATIENCE.toMinutes() + " minutes";
        try {
            CompletableFuture.anyOf(lambda.ready(), process.onExit()).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            end = "does not get ready";
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly(); // not ready, which is told below
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw e;
        }
        Long ready = lambda.ready().getNow(null);
        if (ready == null) {
            throw new IOException(
                    command + " " + end + ", exit code " + process.waitFor() + ":\n" + Files.readString(log));
        }
        return new RunningExtension(lambda, process, log, Duration.ofNanos(ready - begin));
    }

    /** From the start of the process until it asked for its first event. */
    public Duration startTime() {
        return start;
    }

    /** The process, of which the operating system knows more. */
    public ProcessHandle process() {
        return process.toHandle();
    }

    /** One invocation, as far as an extension sees it. */
    public void invoke() throws InterruptedException, TimeoutException {
        lambda.invoke();
    }

    /**
     * Ends it with a SHUTDOWN event, and waits for that.
     *
     * @throws IOException when it ends with another exit code than 0, or not within this time; with its output
     */
    public void shutDown(Duration most) throws IOException, InterruptedException {
        lambda.shutDown();
        boolean ended = process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended || process.exitValue() != 0) {
            throw new IOException(
                    (ended ? "exit code " + process.exitValue() : "it does not end") + ":\n" + Files.readString(log));
        }
    }

    /** Kills it if it still runs, and waits until its ports are free again. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        lambda.close();
    }
}
