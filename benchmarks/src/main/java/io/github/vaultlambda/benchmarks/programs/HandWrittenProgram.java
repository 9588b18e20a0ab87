package io.github.vaultlambda.benchmarks.programs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.security.GeneralSecurityException;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * The same login and read with nothing but the JDK and no care for anything else: no retry, no cache, no error text, one
 * configuration. The least that a person would write by hand, and so the mark for the library.
 */
public final class HandWrittenProgram {
    private HandWrittenProgram() {}

    /** Takes the moment of the JVM's start. */
    public static void main(String[] arguments) throws Exception {
        long begin = System.nanoTime();
        Map<String, String> environment = System.getenv();
        String authority = environment.get("VAULT_CACERT");
        if (authority != null) {
            HttpsURLConnection.setDefaultSSLSocketFactory(HandWrittenTrust.of(authority));
        }
        String value = read(environment, login(environment));
        Measured.report(arguments, begin, value);
    }

    /** Logs in and hands back the token. */
    public static String login(Map<String, String> environment) throws IOException, GeneralSecurityException {
        String body = "{\"role\":\"" + environment.get("VAULT_AUTH_ROLE")
                + "\",\"iam_http_request_method\":\"POST\",\"iam_request_url\":\"" + HandWrittenLogin.url()
                + "\",\"iam_request_body\":\"" + HandWrittenLogin.body() + "\",\"iam_request_headers\":\""
                + HandWrittenLogin.headers(environment) + "\"}";
        String path = "auth/" + environment.get("VAULT_AUTH_PROVIDER") + "/login";
        return text(http("PUT", environment.get("VAULT_ADDR") + "/v1/" + path, null, body), "client_token");
    }

    /** Reads the field {@code password}. */
    public static String read(Map<String, String> environment, String token) throws IOException {
        String path = "secret/data/orders/db";
        return text(http("GET", environment.get("VAULT_ADDR") + "/v1/" + path, token, null), "password");
    }

    private static String http(String method, String address, @Nullable String token, @Nullable String body)
            throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(address).openConnection();
        connection.setRequestMethod(method);
        connection.setRequestProperty("X-Vault-Request", "true");
        if (token != null) {
            connection.setRequestProperty("X-Vault-Token", token);
        }
        if (body != null) {
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.getBytes(UTF_8));
            }
        }
        return new String(connection.getInputStream().readAllBytes(), UTF_8);
    }

    /** Good enough for texts without a backslash. */
    private static String text(String json, String name) {
        String start = "\"" + name + "\":\"";
        int from = json.indexOf(start) + start.length();
        return json.substring(from, json.indexOf('"', from));
    }
}
