package io.github.vaultlambda.config;

import static java.nio.charset.StandardCharsets.UTF_8;

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
        for (String name : headers.keySet()) {
            if (name.toLowerCase(Locale.ROOT).startsWith("x-vault-")) {
                settings.fault(VARIABLE + " sets " + name + ": headers that begin with X-Vault- are Vault's own");
            }
        }
        return headers;
    }
}
