package io.github.vaultlambda.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The processes of {@link LambdaEmulatorTest}: an extension or a runtime that behaves as its arguments say. */
final class LambdaProcess {
    private record Reply(int status, String body, HttpURLConnection connection) {}

    private LambdaProcess() {}

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
        while (true) {
            Reply next = send("GET", "/2018-06-01/runtime/invocation/next", Map.of(), null);
            String id = next.connection().getHeaderField("Lambda-Runtime-Aws-Request-Id");
            String path = "/2018-06-01/runtime/invocation/" + id;
            if (next.body().contains("fail")) {
                send("POST", path + "/error", Map.of(), "{\"errorType\":\"Oops\",\"errorMessage\":\"m\"}");
            } else if (next.body().contains("hang")) {
                Thread.sleep(60_000);
            } else if (next.body().contains("exit")) {
                System.exit(5);
            } else {
                String deadline = next.connection().getHeaderField("Lambda-Runtime-Deadline-Ms");
                String arn = next.connection().getHeaderField("Lambda-Runtime-Invoked-Function-Arn");
                send(
                        "POST",
                        path + "/response",
                        Map.of(),
                        "{\"got\":" + next.body() + ",\"deadline\":" + deadline + ",\"arn\":\"" + arn + "\"}");
            }
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
