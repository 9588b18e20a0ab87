package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Kubernetes service account, as its token names it; parts that are not named are empty. */
record ServiceAccount(String name, String namespace, String uid, String secret) {
    private static final String OLD = "kubernetes.io/serviceaccount/";

    /** From a projected token, or from one of the older kind. */
    static ServiceAccount of(Map<String, @Nullable Object> claims) {
        String secret = text(claims, OLD + "secret.name");
        if (claims.get("kubernetes.io") instanceof Map<?, ?> projected) {
            Map<String, @Nullable Object> parts = Json.object(projected);
            if (parts.get("serviceaccount") instanceof Map<?, ?> account) {
                Map<String, @Nullable Object> who = Json.object(account);
                return new ServiceAccount(text(who, "name"), text(parts, "namespace"), text(who, "uid"), secret);
            }
        }
        return new ServiceAccount(
                text(claims, OLD + "service-account.name"),
                text(claims, OLD + "namespace"),
                text(claims, OLD + "service-account.uid"),
                secret);
    }

    private static String text(Map<String, @Nullable Object> claims, String name) {
        Object value = claims.get(name);
        return value == null ? "" : value.toString();
    }
}
