package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LambdaEmulatorTest {
    private static final String BOTH = "[\"INVOKE\",\"SHUTDOWN\"]";

    private @Nullable LambdaEmulator lambda;

    @AfterEach
    void stop() {
        if (lambda != null) {
            lambda.close();
        }
    }

    private static LambdaEmulator.Builder builder() {
        return LambdaEmulator.builder().handler("com.example.Handler").initTimeout(Duration.ofSeconds(60));
    }

    private LambdaEmulator use(LambdaEmulator.Builder builder) {
        LambdaEmulator made = builder.build();
        lambda = made;
        return made;
    }

    private static int indexOf(List<LambdaEvent> events, LambdaEvent.Type type, String process) {
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).type() == type && events.get(i).process().equals(process)) {
                return i;
            }
        }
        throw new AssertionError("no " + type + " of " + process + " in " + events);
    }

    @Test
    void runsInLambdasOrder() {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        LambdaEmulator env = use(builder()
                .extension("ext", LambdaProcess.command("extension", "ext", BOTH, "ok"))
                .function(LambdaProcess.command("runtime", "echo"))
                .environment(Map.of("SECRET_OF_THE_TEST", "yes"))
                .timeout(Duration.ofSeconds(30))
                .region("eu-west-1")
                .outputListener((process, line) -> heard.add(process + ": " + line)));

        InitReport init = env.init();

        assertThat(init.registered()).containsOnlyKeys("ext");
        assertThat(init.ready()).containsOnlyKeys("ext", "function");
        assertThat(init.ready().get("ext"))
                .isGreaterThan(init.registered().get("ext"))
                .isLessThan(init.duration());
        List<LambdaEvent> events = env.timeline();
        assertThat(indexOf(events, LambdaEvent.Type.EXTENSION_STARTED, "ext")).isZero();
        assertThat(indexOf(events, LambdaEvent.Type.EXTENSION_REGISTERED, "ext"))
                .isEqualTo(1);
        assertThat(indexOf(events, LambdaEvent.Type.RUNTIME_STARTED, "function"))
                .isEqualTo(2);
        assertThat(indexOf(events, LambdaEvent.Type.RUNTIME_READY, "function")).isGreaterThan(2);
        assertThat(indexOf(events, LambdaEvent.Type.EXTENSION_READY, "ext")).isGreaterThan(1);
        assertThat(env.process("ext").isAlive()).isTrue();

        InvocationResult result = env.invoke("{\"a\":1}");

        assertThat(result.outcome()).isEqualTo(InvocationResult.Outcome.OK);
        assertThat(result.payloadText())
                .contains("\"got\":{\"a\":1}", "arn:aws:lambda:eu-west-1:123456789012:function:test-function");
        assertThat(result.errorType()).isEmpty();
        assertThat(result.totalDuration()).isGreaterThanOrEqualTo(result.duration());

        InvocationResult failed = env.invoke("\"fail\"");
        assertThat(failed.outcome()).isEqualTo(InvocationResult.Outcome.FUNCTION_ERROR);
        assertThat(failed.errorType()).isEqualTo("Oops");

        ShutdownReport report = env.shutdown();

        assertThat(report.processes()).containsOnlyKeys("ext", "function");
        assertThat(report.process("ext").killed()).isFalse();
        assertThat(report.process("ext").exitCode()).isZero();
        assertThat(report.process("function").killed()).isFalse();
        assertThat(report.process("function").exitCode()).isEqualTo(143);
        List<LambdaEvent> all = env.timeline();
        assertThat(indexOf(all, LambdaEvent.Type.SHUTDOWN_SENT, "function"))
                .isLessThan(indexOf(all, LambdaEvent.Type.SHUTDOWN_SENT, "ext"));
        assertThat(all)
                .filteredOn(event -> event.type() == LambdaEvent.Type.INVOKE_SENT)
                .hasSize(4);
        assertThat(all)
                .filteredOn(event -> event.type() == LambdaEvent.Type.RESPONSE_RECEIVED)
                .hasSize(2);

        assertThat(indexOf(all, LambdaEvent.Type.PROCESS_EXITED, "ext"))
                .isGreaterThan(indexOf(all, LambdaEvent.Type.PROCESS_EXITED, "function"));

        List<String> output = env.output("ext");
        assertThat(output)
                .contains("hello from ext task root null")
                .anyMatch(line -> line.equals("register 200 {\"functionName\":\"test-function\",\"functionVersion\":"
                        + "\"$LATEST\",\"handler\":\"com.example.Handler\",\"accountId\":\"123456789012\"}"))
                .anyMatch(line -> line.startsWith("event {\"eventType\":\"INVOKE\",\"deadlineMs\":")
                        && line.contains("\"requestId\":\"" + result.requestId() + "\"")
                        && line.contains("\"tracing\":{\"type\":\"X-Amzn-Trace-Id\",\"value\":\"Root=1-"))
                .anyMatch(line -> line.startsWith(
                        "event {\"eventType\":\"SHUTDOWN\",\"shutdownReason\":\"spindown\",\"deadlineMs\":"));
        assertThat(env.output("function")).contains("handler com.example.Handler user yes");
        assertThat(heard).contains("function: handler com.example.Handler user yes");
        assertThatThrownBy(() -> env.invoke("{}")).isInstanceOf(IllegalStateException.class);
    }

    private static LambdaInitException initFailure(LambdaEmulator env) {
        LambdaInitException failure = catchThrowableOfType(LambdaInitException.class, env::init);
        assertThat(failure).isNotNull();
        return failure;
    }

    @Test
    void anExtensionThatEndsEarlyFailsTheInit() {
        LambdaEmulator env = use(builder()
                .extension("ext", LambdaProcess.command("extension", "ext", BOTH, "crash"))
                .function(LambdaProcess.command("runtime", "echo")));

        LambdaInitException failure = initFailure(env);

        assertThat(failure.errorType()).isEqualTo("Extension.Crash");
        assertThat(failure).hasMessageContaining("ext exited with code 3").hasMessageContaining("cannot go on");
        assertThat(env.timeline()).noneMatch(event -> event.type() == LambdaEvent.Type.RUNTIME_STARTED);
        assertThat(env.output("ext")).contains("cannot go on");
    }

    @Test
    void aSlowExtensionFailsTheInit() {
        LambdaEmulator env = use(builder()
                .initTimeout(Duration.ofSeconds(3))
                .extension("ext", LambdaProcess.command("extension", "ext", BOTH, "never-ready")));

        LambdaInitException failure = initFailure(env);

        assertThat(failure.errorType()).isEqualTo("Sandbox.Timeout");
        assertThat(failure).hasMessageContaining("ext is not ready");
        assertThat(env.process("ext").onExit()).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void anExtensionMayReportThatItsInitFailed() {
        LambdaEmulator env =
                use(builder().extension("ext", LambdaProcess.command("extension", "ext", BOTH, "init-error")));

        LambdaInitException failure = initFailure(env);

        assertThat(failure.errorType()).isEqualTo("Extension.NoVault");
        assertThat(indexOf(env.timeline(), LambdaEvent.Type.INIT_ERROR, "ext")).isPositive();
    }

    @Test
    void theRuntimeMayFailTheInit() {
        assertThat(initFailure(use(builder().function(LambdaProcess.command("runtime", "exit-in-init"))))
                        .errorType())
                .isEqualTo("Runtime.ExitError");
        stop();
        assertThat(initFailure(use(builder().function(LambdaProcess.command("runtime", "init-error"))))
                        .errorType())
                .isEqualTo("Runtime.NoClass");
        stop();
        assertThat(initFailure(use(builder().function(List.of("/no/such/file"))))
                        .errorType())
                .isEqualTo("Runtime.InvalidEntrypoint");
    }

    @Test
    void refusesRegistrationsAsLambdaDoes() {
        assertRegistration("ext", "ext", "[\"FLY\"]", Map.of(), "Extension.InvalidEventType");
        assertRegistration("ext", "other", BOTH, Map.of(), "Extension.InvalidExtensionName");
        assertRegistration(
                "ext",
                "ext",
                BOTH,
                Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "lambda-managed-instances"),
                "Extension.InvalidEventType");
    }

    private void assertRegistration(
            String file, String name, String events, Map<String, String> environment, String errorType) {
        LambdaEmulator env = use(builder()
                .environment(environment)
                .extension(file, LambdaProcess.command("extension", name, events, "ok")));

        assertThat(initFailure(env).errorType()).isEqualTo("Extension.Crash");
        assertThat(env.output(file))
                .anyMatch(line -> line.startsWith("register 403 ") && line.contains("\"errorType\":\"" + errorType));
        stop();
    }

    @Test
    void timesOutAndCrashes() {
        LambdaEmulator env =
                use(builder().function(LambdaProcess.command("runtime", "echo")).timeout(Duration.ofMillis(300)));
        env.init();

        InvocationResult timeout = env.invoke("\"hang\"");

        assertThat(timeout.outcome()).isEqualTo(InvocationResult.Outcome.TIMEOUT);
        assertThat(timeout.errorType()).isEqualTo("Sandbox.Timedout");
        assertThat(timeout.duration()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(env.process("function").onExit()).succeedsWithin(Duration.ofSeconds(10));
        assertThatThrownBy(() -> env.invoke("{}")).isInstanceOf(IllegalStateException.class);
        stop();

        LambdaEmulator other =
                use(builder().function(LambdaProcess.command("runtime", "echo")).timeout(Duration.ofSeconds(30)));
        other.init();
        InvocationResult crash = other.invoke("\"exit\"");
        assertThat(crash.outcome()).isEqualTo(InvocationResult.Outcome.CRASH);
        assertThat(crash.errorType()).isEqualTo("Runtime.ExitError");
    }

    @Test
    void killsWhatDoesNotEndInTime() {
        LambdaEmulator env = use(builder()
                .extension("stubborn", LambdaProcess.command("extension", "stubborn", BOTH, "stubborn"))
                .extension("invoke-only", LambdaProcess.command("extension", "invoke-only", "[\"INVOKE\"]", "ok")));
        env.init();
        // Without a function the emulator answers itself.
        assertThat(env.invoke("{\"x\":2}").payloadText()).isEqualTo("{\"x\":2}");

        ShutdownReport report = env.shutdown("failure");

        ShutdownReport.Exit stubborn = report.process("stubborn");
        assertThat(stubborn.killed()).isTrue();
        assertThat(stubborn.exitCode()).isEqualTo(137);
        assertThat(report.duration()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(8));
        assertThat(report.process("invoke-only").killed()).isTrue();
        assertThat(env.output("invoke-only")).noneMatch(line -> line.contains("SHUTDOWN"));
        assertThat(env.output("stubborn")).anyMatch(line -> line.contains("\"shutdownReason\":\"failure\""));
        assertThat(env.shutdown().processes()).isEmpty();
    }

    @Test
    void withoutExtensionsTheRuntimeIsKilledAtOnce() {
        LambdaEmulator env = use(builder().function(LambdaProcess.command("runtime", "echo")));
        env.init();

        ShutdownReport.Exit exit = env.shutdown().process("function");

        assertThat(exit.killed()).isTrue();
        assertThat(exit.exitCode()).isEqualTo(137);
    }

    @Test
    void startsTheFilesOfADirectory(@TempDir Path directory) throws Exception {
        Path script = directory.resolve("my-extension");
        Files.writeString(script, "#!/bin/sh\necho from the directory\nexit 9\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(directory.resolve("readme.txt"), "not executable");
        LambdaEmulator env = use(builder().extensionsDirectory(directory).workDirectory(directory));

        LambdaInitException failure = initFailure(env);

        assertThat(failure)
                .hasMessageContaining("my-extension exited with code 9")
                .hasMessageContaining("from the directory");
    }

    @Test
    void theApisRefuseWhatTheyDoNotKnow() throws Exception {
        LambdaEmulator env = use(builder());
        String base = "http://" + env.runtimeApi();
        String next = base + "/2020-01-01/extension/event/next";

        assertRefused(Http.send("GET", next, Map.of(), null), 403, "Extension.MissingExtensionIdentifier");
        assertRefused(
                Http.send("GET", next, Map.of("Lambda-Extension-Identifier", "x"), null),
                403,
                "Extension.InvalidExtensionIdentifier");
        assertRefused(
                Http.send(
                        "GET",
                        next,
                        Map.of("Lambda-Extension-Identifier", "00000000-0000-0000-0000-000000000000"),
                        null),
                403,
                "Extension.UnknownExtensionIdentifier");
        assertRefused(
                Http.send("POST", base + "/2020-01-01/extension/register", Map.of(), "{}"),
                403,
                "Extension.InvalidExtensionName");
        assertRefused(
                Http.send("POST", base + "/2018-06-01/runtime/invocation/x/response", Map.of(), "{}"),
                400,
                "InvalidRequestID");
        assertThat(Http.send("GET", base + "/other", Map.of(), null).status()).isEqualTo(404);
    }

    private static void assertRefused(Http.Reply reply, int status, String errorType) {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.text("errorType")).isEqualTo(errorType);
        assertThat(reply.text("errorMessage")).isNotEmpty();
    }
}
