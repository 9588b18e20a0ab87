package io.github.vaultlambda.testkit.junit;

import io.github.vaultlambda.testkit.wire.Json;
import io.github.vaultlambda.testkit.wire.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** Reads what the annotations say. Its failures quote no value. */
final class SecretFields {
    private SecretFields() {}

    /** The variables, by name. */
    static Map<String, String> variables(VaultTest test) {
        return texts("@VaultTest: variable", test.variables());
    }

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
        return json ? object(secret) : new LinkedHashMap<>(texts(place(secret) + "field", secret.fields()));
    }

    private static Map<String, @Nullable Object> object(VaultTestSecret secret) {
        try {
            return Json.readObject(secret.json().getBytes(StandardCharsets.UTF_8));
        } catch (JsonException e) {
            throw wrong(secret, "its json is no JSON object");
        }
    }

    private static Map<String, String> texts(String what, String[] texts) {
        Map<String, String> named = new LinkedHashMap<>();
        for (int i = 0; i < texts.length; i++) {
            int sign = texts[i].indexOf('=');
            if (sign < 1) {
                throw new ExtensionConfigurationException(what + " number " + (i + 1) + " is not name=value");
            }
            String name = texts[i].substring(0, sign);
            if (named.put(name, texts[i].substring(sign + 1)) != null) {
                throw new ExtensionConfigurationException(what + " " + name + " is there twice");
            }
        }
        return named;
    }

    static ExtensionConfigurationException wrong(VaultTestSecret secret, String what) {
        return new ExtensionConfigurationException(place(secret) + what);
    }

    private static String place(VaultTestSecret secret) {
        return "@VaultTestSecret at \"" + secret.path() + "\": ";
    }
}
