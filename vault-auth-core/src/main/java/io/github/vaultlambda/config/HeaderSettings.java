package io.github.vaultlambda.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.http.Headers;
import io.github.vaultlambda.json.JsonReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** {@code VAULT_HEADERS}: a JSON object of texts, each a header for every request to Vault. The values may be secret. */
final class HeaderSettings {
    private static final String VARIABLE = "VAULT_HEADERS";

    private HeaderSettings() {}

    static Map<String, String> read(EnvironmentSettings settings) {
        String json = settings.text(VARIABLE);
        if (json == null) {
            return Map.of();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        try {
            JsonReader reader = new JsonReader(json.getBytes(UTF_8));
            if (reader.peek() != '{') {
                throw new IOException("no object");
            }
            reader.open();
            for (String name = reader.nextName(); name != null; name = reader.nextName()) {
                if (reader.peek() != '"') {
                    throw new IOException("a value that is no text");
                }
                headers.put(name, reader.string());
            }
            reader.end();
        } catch (IOException e) {
            settings.fault(VARIABLE
                    + " is no JSON object of texts (value not shown): write for example {\"X-Team\":\"orders\"}");
            return Map.of();
        }
        for (Map.Entry<String, String> header : headers.entrySet()) {
            check(settings, header.getKey(), header.getValue());
        }
        return headers;
    }

    private static void check(EnvironmentSettings settings, String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("x-vault-")) {
            settings.fault(VARIABLE + " sets " + name + ": headers that begin with X-Vault- are Vault's own");
            return;
        }
        switch (lower) {
            case "host", "connection", "content-length", "transfer-encoding" ->
                settings.fault(VARIABLE + " sets " + name + ", which only the connection itself may set");
            default -> {
                if (!Headers.isName(name)) {
                    settings.fault(VARIABLE + " sets a header whose name is none: letters, digits and dashes make one");
                } else if (!Headers.isValue(value)) {
                    settings.fault(VARIABLE + " sets " + name + " to a value with control characters (not shown)");
                }
            }
        }
    }
}
