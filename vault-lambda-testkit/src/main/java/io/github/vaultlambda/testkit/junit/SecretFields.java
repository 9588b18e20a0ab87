package io.github.vaultlambda.testkit.junit;

import io.github.vaultlambda.testkit.wire.Json;
import io.github.vaultlambda.testkit.wire.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** Reads what a {@link VaultTestSecret} says. Its failures quote no value. */
final class SecretFields {
    private SecretFields() {}

    static String path(VaultTestSecret secret) {
        String path = secret.path();
        if (path.isBlank() || path.contains("#") || path.startsWith("/")) {
            throw wrong(secret, "its path is to be one of Vault's API without a field, such as secret/data/orders/db");
        }
        return path;
    }

    static Map<String, @Nullable Object> of(VaultTestSecret secret) {
        boolean json = !secret.json().isBlank();
        if (json == (secret.fields().length > 0)) {
            throw wrong(secret, json ? "it has fields and json: one of them" : "it has neither fields nor json");
        }
        return json ? object(secret) : texts(secret);
    }

    private static Map<String, @Nullable Object> object(VaultTestSecret secret) {
        try {
            return Json.readObject(secret.json().getBytes(StandardCharsets.UTF_8));
        } catch (JsonException e) {
            throw wrong(secret, "its json is no JSON object");
        }
    }

    private static Map<String, @Nullable Object> texts(VaultTestSecret secret) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        String[] texts = secret.fields();
        for (int i = 0; i < texts.length; i++) {
            int sign = texts[i].indexOf('=');
            if (sign < 1) {
                throw wrong(secret, "field number " + (i + 1) + " is not name=value");
            }
            String name = texts[i].substring(0, sign);
            if (fields.put(name, texts[i].substring(sign + 1)) != null) {
                throw wrong(secret, "it has two fields " + name);
            }
        }
        return fields;
    }

    static ExtensionConfigurationException wrong(VaultTestSecret secret, String what) {
        return new ExtensionConfigurationException("@VaultTestSecret at \"" + secret.path() + "\": " + what);
    }
}
