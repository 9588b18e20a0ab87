package io.github.vaultlambda.testkit.lambda;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/** A child process whose lines of output are collected. */
public final class ManagedProcess {
    private final String name;
    private final Process process;
    private final long started = System.nanoTime();
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final Thread reader;
    private volatile CompletableFuture<Void> exitTold = CompletableFuture.completedFuture(null);

    private ManagedProcess(String name, Process process, BiConsumer<String, String> listener) {
        this.name = name;
        this.process = process;
        this.reader = new Thread(() -> read(listener), "output-of-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    static ManagedProcess start(
            String name,
            List<String> command,
            Map<String, String> environment,
            Path directory,
            BiConsumer<String, String> listener)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        // Nothing of the test's own environment leaks in.
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return new ManagedProcess(name, process, listener);
    }

    private void read(BiConsumer<String, String> listener) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                listener.accept(name, line);
            }
        } catch (IOException | UncheckedIOException e) {
            // The process is gone; what came until now is kept.
        }
    }

    String name() {
        return name;
    }

    long startedNanos() {
        return started;
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** The lines so far; after the process's end, all of them. */
    public List<String> output() {
        if (!process.isAlive()) {
            finishReading();
        }
        return List.copyOf(output);
    }

    void finishReading() {
        try {
            // A grandchild may hold the pipe open for ever.
            reader.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when the action of {@link #onExit} has run; only after the process's end, and without its lock. */
    void awaitExitTold() {
        try {
            exitTold.get(1, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // Only the order of the records suffers.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean alive() {
        return process.isAlive();
    }

    void onExit(Runnable action) {
        exitTold = process.onExit().thenRun(action);
    }

    void terminate() {
        process.destroy();
    }

    /** Sends a signal, such as STOP, to the process and what it has started; one that has ended is left alone. */
    void signal(String signal) {
        StringBuilder script = new StringBuilder("kill -").append(signal);
        process.descendants().forEach(child -> script.append(' ').append(child.pid()));
        script.append(' ').append(process.pid());
        run("cannot send " + signal + " to " + name, List.of("sh", "-c", script.toString()));
    }

    /** Lets the process, a JVM, collect its garbage. */
    void collectGarbage() {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        int code = run("cannot collect the garbage of " + name, List.of(jcmd, Long.toString(process.pid()), "GC.run"));
        if (code != 0) {
            throw new IllegalStateException("cannot collect the garbage of " + name + ": jcmd ended with code " + code
                    + "; is it a JVM that runs?");
        }
    }

    private static int run(String trouble, List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(trouble, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(trouble, e);
        }
    }

    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** True when the process ended in time. */
    boolean endsWithin(Duration time) {
        try {
            process.onExit().get(Math.max(0, time.toMillis()), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    int exitCode() {
        return process.isAlive() ? -1 : process.exitValue();
    }
}
