package io.github.vaultlambda.extension.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.json.JsonWriter;
import io.github.vaultlambda.log.LogLevel;
import io.github.vaultlambda.log.LogWriter;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The program's own log: one line for each event, as text in the manner of vault-lambda-extension or, where Lambda is told to log
 * so, as JSON with Lambda's names. Own, because a fresh process pays some 25 ms for the first line of a logging library.
 * Thread-safe.
 *
 * <pre>
 * 2026-03-01T12:00:00.000Z [INFO]  vault-lambda-extension: Starting HTTP proxy server on 127.0.0.1:8200
 * {"timestamp":"2026-03-01T12:00:00.000Z","level":"INFO","message":"...","logger":"vault-lambda-extension","requestId":"..."}
 * </pre>
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html">AWS Lambda: log formats</a>
 */
public final class ExtensionLog implements LogWriter {
    private static final String ROOT = "io.github.vaultlambda.";

    private final PrintStream out;
    private final String program;
    private final RequestId requestId;
    private final InstantSource clock;
    private final @Nullable LogLevel threshold;
    private final boolean json;

    private ExtensionLog(
            PrintStream out,
            String program,
            RequestId requestId,
            InstantSource clock,
            @Nullable LogLevel threshold,
            boolean json) {
        this.out = out;
        this.program = program;
        this.requestId = requestId;
        this.clock = clock;
        this.threshold = threshold;
        this.json = json;
    }

    /**
     * A log as {@code VAULT_LOG_LEVEL}, {@code AWS_LAMBDA_LOG_LEVEL} and {@code AWS_LAMBDA_LOG_FORMAT} say.
     *
     * @param otherwise the lowest level that is written when no variable names one
     * @param program the name that lines begin with
     */
    public static ExtensionLog of(
            Map<String, String> environment, LogLevel otherwise, String program, RequestId requestId, PrintStream out) {
        return new ExtensionLog(
                out,
                program,
                requestId,
                InstantSource.system(),
                LogThreshold.of(environment, otherwise),
                "json".equalsIgnoreCase(environment.get("AWS_LAMBDA_LOG_FORMAT")));
    }

    /** This with another clock. */
    ExtensionLog withClock(InstantSource other) {
        return new ExtensionLog(out, program, requestId, other, threshold, json);
    }

    @Override
    public boolean isEnabled(LogLevel level) {
        return threshold != null && level.compareTo(threshold) >= 0;
    }

    @Override
    public void write(LogLevel level, Class<?> owner, String message, @Nullable Throwable failure) {
        String line = json ? json(level, owner, message, failure) : text(level, owner, message, failure);
        byte[] bytes = line.getBytes(UTF_8);
        out.write(bytes, 0, bytes.length); // in one piece, so that lines of several threads do not mix
        out.flush();
    }

    @SuppressWarnings("ReferenceEquality") // the first of the chain
    private String text(LogLevel level, Class<?> owner, String message, @Nullable Throwable failure) {
        StringBuilder line = new StringBuilder(message.length() + 96);
        String name = level.name();
        line.append(UtcTime.of(clock.millis())).append(" [").append(name).append(']');
        line.append(name.length() == 4 ? "  " : " ");
        line.append(logger(owner)).append(": ");
        appendOnOneLine(line, message);
        line.append('\n');
        if (failure != null) {
            for (Throwable each = failure; each != null; each = each.getCause()) {
                line.append("  | ").append(each == failure ? "" : "caused by ");
                appendOnOneLine(line, each.toString());
                line.append('\n');
                for (StackTraceElement frame : each.getStackTrace()) {
                    line.append("  |   at ").append(frame).append('\n');
                }
            }
        }
        return line.toString();
    }

    private String json(LogLevel level, Class<?> owner, String message, @Nullable Throwable failure) {
        JsonWriter line = new JsonWriter();
        line.open('{');
        field(line, "timestamp", UtcTime.of(clock.millis()));
        field(line, "level", level.name());
        field(line, "message", message);
        field(line, "logger", logger(owner));
        String invocation = requestId.current();
        if (invocation != null) {
            field(line, "requestId", invocation);
        }
        if (failure != null) {
            field(line, "errorType", failure.getClass().getName());
            field(line, "errorMessage", OneLine.of(failure));
            line.name("stackTrace");
            line.open('[');
            for (Throwable each = failure; each != null; each = each.getCause()) {
                line.string(each.toString());
                for (StackTraceElement frame : each.getStackTrace()) {
                    line.string("at " + frame);
                }
            }
            line.close(']');
        }
        line.close('}');
        return line.json() + "\n";
    }

    private static void field(JsonWriter line, String name, String value) {
        line.name(name);
        line.string(value);
    }

    /** The program, and which part of it: the names that vault-lambda-extension has for its own. */
    private String logger(Class<?> owner) {
        String name = owner.getName();
        if (name.startsWith(ROOT + "extension.proxy.")) {
            return program + ".proxy";
        }
        return name.startsWith(ROOT + "extension.") ? program : program + ".vault-client";
    }

    /** What comes from elsewhere must not look like a line of its own. */
    private static void appendOnOneLine(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line.append(c < ' ' || c == '\u007f' || c == '\u0085' || c == '\u2028' || c == '\u2029' ? ' ' : c);
        }
    }
}
