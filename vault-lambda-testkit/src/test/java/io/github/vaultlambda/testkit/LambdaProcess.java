package io.github.vaultlambda.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import org.jspecify.annotations.Nullable;

/** The processes of {@link LambdaEmulatorTest}: an extension or a runtime that behaves as its arguments say. */
final class LambdaProcess {
    /** How many invocations meet. */
    static final int MEETING_SIZE = 4;

    private static final CyclicBarrier MEETING = new CyclicBarrier(MEETING_SIZE);

    private record Reply(int status, String body, HttpURLConnection connection) {}

    private LambdaProcess() {}

    /** The command that starts it. */
    static List<String> command(String... args) {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                LambdaProcess.class.getName()));
        command.addAll(List.of(args));
        return command;
    }

    public static void main(String[] args) throws Exception {
        if (args[0].equals("extension")) {
            extension(args[1], args[2], args[3]);
        } else {
            runtime(args[1]);
        }
    }

    private static void extension(String name, String events, String mode) throws Exception {
        System.out.println("hello from " + name + " task root " + System.getenv("LAMBDA_TASK_ROOT"));
        if (mode.equals("crash")) {
            System.err.println("cannot go on");
            System.exit(3);
        }
        Reply registered = send(
                "POST",
                "/2020-01-01/extension/register",
                Map.of("Lambda-Extension-Name", name, "Lambda-Extension-Accept-Feature", "accountId"),
                "{\"events\":" + events + "}");
        System.out.println("register " + registered.status() + " " + registered.body());
        if (registered.status() != 200) {
            System.exit(4);
        }
        Map<String, String> identity = Map.of(
                "Lambda-Extension-Identifier", registered.connection().getHeaderField("Lambda-Extension-Identifier"));
        if (mode.equals("init-error")) {
            send(
                    "POST",
                    "/2020-01-01/extension/init/error",
                    Map.of(
                            "Lambda-Extension-Identifier",
                            identity.get("Lambda-Extension-Identifier"),
                            "Lambda-Extension-Function-Error-Type",
                            "Extension.NoVault"),
                    "{\"errorMessage\":\"no vault\"}");
        }
        if (mode.equals("never-ready")) {
            Thread.sleep(60_000);
        }
        while (true) {
            Reply event = send("GET", "/2020-01-01/extension/event/next", identity, null);
            System.out.println("event " + event.body());
            if (event.body().contains("SHUTDOWN")) {
                if (mode.equals("stubborn")) {
                    Thread.sleep(60_000);
                }
                return;
            }
        }
    }

    private static void runtime(String mode) throws Exception {
        System.out.println("handler " + System.getenv("_HANDLER") + " user " + System.getenv("SECRET_OF_THE_TEST"));
        if (mode.equals("init-error")) {
            send("POST", "/2018-06-01/runtime/init/error", Map.of(), "{\"errorType\":\"Runtime.NoClass\"}");
            System.exit(1);
        }
        if (mode.equals("exit-in-init")) {
            System.exit(7);
        }
        String concurrency = System.getenv("AWS_LAMBDA_MAX_CONCURRENCY");
        WeakReference<Object> weak = new WeakReference<>(new Object());
        if (mode.startsWith("restore")) {
            restore(mode);
        }
        if (concurrency == null) {
            invocations(weak);
        }
        for (int i = 0; i < Integer.parseInt(concurrency); i++) {
            new Thread(() -> {
                        try {
                            invocations(weak);
                        } catch (Exception e) {
                            System.exit(6);
                        }
                    })
                    .start();
        }
    }

    private static void restore(String mode) throws Exception {
        System.out.println("keys " + System.getenv("AWS_ACCESS_KEY_ID") + " " + System.getenv("AWS_SECRET_ACCESS_KEY")
                + " " + System.getenv("AWS_SESSION_TOKEN"));
        System.out.println("credentials " + System.getenv("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
        System.out.println("initialization " + System.getenv("AWS_LAMBDA_INITIALIZATION_TYPE") + " version "
                + System.getenv("AWS_LAMBDA_FUNCTION_VERSION"));
        Reply next = send("GET", "/2018-06-01/runtime/restore/next", Map.of(), null);
        System.out.println("restored " + next.status());
        switch (mode) {
            case "restore-error" -> {
                send("POST", "/2018-06-01/runtime/restore/error", Map.of(), "{\"errorType\":\"Runtime.Hook\"}");
                System.exit(64);
            }
            case "restore-exit" -> System.exit(8);
            case "restore-hang" -> Thread.sleep(60_000);
            default -> System.out.println("hooks done");
        }
    }

    /** One worker. An invocation that wants to meet others waits until as many are there. */
    private static void invocations(WeakReference<Object> weak) throws Exception {
        while (true) {
            Reply next = send("GET", "/2018-06-01/runtime/invocation/next", Map.of(), null);
            String id = next.connection().getHeaderField("Lambda-Runtime-Aws-Request-Id");
            String path = "/2018-06-01/runtime/invocation/" + id;
            String body = next.body();
            if (body.contains("fail")) {
                send("POST", path + "/error", Map.of(), "{\"errorType\":\"Oops\",\"errorMessage\":\"m\"}");
                continue;
            } else if (body.contains("hang")) {
                Thread.sleep(60_000);
            } else if (body.contains("slow")) {
                Thread.sleep(1000);
            } else if (body.contains("exit")) {
                System.exit(5);
            } else if (body.contains("weak")) {
                body = "\"" + (weak.get() == null ? "gone" : "there") + "\"";
            } else if (body.contains("meet")) {
                MEETING.await();
            }
            String deadline = next.connection().getHeaderField("Lambda-Runtime-Deadline-Ms");
            String arn = next.connection().getHeaderField("Lambda-Runtime-Invoked-Function-Arn");
            send(
                    "POST",
                    path + "/response",
                    Map.of(),
                    "{\"got\":" + body + ",\"deadline\":" + deadline + ",\"arn\":\"" + arn + "\"}");
        }
    }

    private static Reply send(String method, String path, Map<String, String> headers, @Nullable String body)
            throws IOException {
        URI uri = URI.create("http://" + System.getenv("AWS_LAMBDA_RUNTIME_API") + path);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setRequestMethod(method);
        headers.forEach(connection::setRequestProperty);
        if (body != null) {
            connection.setDoOutput(true);
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        }
        int status = connection.getResponseCode();
        InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream();
        String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return new Reply(status, text, connection);
    }
}
