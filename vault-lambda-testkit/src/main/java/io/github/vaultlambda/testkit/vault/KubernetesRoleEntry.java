package io.github.vaultlambda.testkit.vault;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A role of the Kubernetes auth method. Immutable. */
record KubernetesRoleEntry(
        List<String> names, List<String> namespaces, String audience, String aliasSource, TokenParams token) {
    private static final KubernetesRoleEntry BLANK =
            new KubernetesRoleEntry(List.of(), List.of(), "", "serviceaccount_uid", TokenParams.NONE);

    /** The role after a write; what the fields do not name stays as it was. */
    static KubernetesRoleEntry written(@Nullable KubernetesRoleEntry known, Fields fields) throws VaultFailure {
        KubernetesRoleEntry old = known == null ? BLANK : known;
        TokenParams token = TokenParams.written(old.token, fields);
        if (fields.has("bound_service_account_namespace_selector")) {
            throw VaultFailure.bad("the Vault stand-in has no bound_service_account_namespace_selector");
        }
        List<String> names = list(fields, "bound_service_account_names", old.names);
        if (names.isEmpty()) {
            throw VaultFailure.bad("\"bound_service_account_names\" can not be empty");
        }
        requireUnmixed(names);
        List<String> namespaces = list(fields, "bound_service_account_namespaces", old.namespaces);
        if (namespaces.isEmpty()) {
            throw VaultFailure.bad("\"bound_service_account_namespaces\" can not be empty if"
                    + " \"bound_service_account_namespace_selector\" is not set");
        }
        requireUnmixed(namespaces);
        String source = fields.has("alias_name_source") ? fields.text("alias_name_source") : old.aliasSource;
        if (!List.of("serviceaccount_uid", "serviceaccount_name").contains(source)) {
            throw VaultFailure.bad("invalid alias_name_source \"" + source + "\"");
        }
        return new KubernetesRoleEntry(
                names, namespaces, fields.has("audience") ? fields.text("audience") : old.audience, source, token);
    }

    private static List<String> list(Fields fields, String name, List<String> old) {
        return fields.has(name) ? List.copyOf(fields.texts(name)) : old;
    }

    private static void requireUnmixed(List<String> values) throws VaultFailure {
        if (values.size() > 1 && values.contains("*")) {
            throw VaultFailure.bad("can not mix \"*\" with values");
        }
    }

    static boolean holds(List<String> patterns, String value) {
        for (String pattern : patterns) {
            if (BoundClaims.glob(pattern, value)) {
                return true;
            }
        }
        return false;
    }

    Map<String, @Nullable Object> describe() {
        Map<String, @Nullable Object> data = new TreeMap<>();
        data.put("alias_name_source", aliasSource);
        if (!audience.isEmpty()) {
            data.put("audience", audience);
        }
        data.put("bound_service_account_names", names);
        data.put("bound_service_account_namespace_selector", "");
        data.put("bound_service_account_namespaces", namespaces);
        token.describe(data);
        return data;
    }
}
