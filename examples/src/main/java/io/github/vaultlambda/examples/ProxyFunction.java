package io.github.vaultlambda.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Through the extension, as a function in any language would: plain HTTP to the local port, without a token, and the file
 * that the extension wrote before the function started. Handler setting:
 * {@code io.github.vaultlambda.examples.ProxyFunction}.
 */
public final class ProxyFunction implements RequestHandler<Map<String, String>, Map<String, String>> {
    private static final Pattern PASSWORD = Pattern.compile("\"password\"\\s*:\\s*\"([^\"]*)\"");

    @Override
    public Map<String, String> handleRequest(Map<String, String> order, Context context) {
        try {
            String fromProxy = password(get(proxyAddress() + "/v1/secret/data/orders/db"));
            String fromFile = password(Files.readString(Path.of(System.getenv("VAULT_SECRET_FILE"))));
            return Map.of(
                    "order", order.getOrDefault("order", "none"),
                    "passwordFingerprint", Fingerprint.of(fromProxy),
                    "fileFingerprint", Fingerprint.of(fromFile));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String proxyAddress() {
        return "http://127.0.0.1:" + System.getenv().getOrDefault("VAULT_EXTENSION_PROXY_PORT", "8200");
    }

    private static String get(String address) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(address).toURL().openConnection();
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    /** A real function would use its JSON library. */
    private static String password(String json) throws IOException {
        Matcher matcher = PASSWORD.matcher(json);
        if (!matcher.find()) {
            throw new IOException("no password in the answer");
        }
        return matcher.group(1);
    }
}
