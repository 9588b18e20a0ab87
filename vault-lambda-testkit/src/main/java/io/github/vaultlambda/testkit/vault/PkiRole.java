package io.github.vaultlambda.testkit.vault;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a role of the PKI engine says; immutable. A write replaces all of it, as in Vault. */
final class PkiRole {
    private static final Map<String, Object> DEFAULTS = defaults();
    private static final Pattern HOST_NAME = Pattern.compile(
            "(\\*\\.)?([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?\\.)*[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?");

    private final Map<String, @Nullable Object> values;

    private PkiRole(Map<String, @Nullable Object> values) {
        this.values = values;
    }

    private static Map<String, Object> defaults() {
        Map<String, Object> all = new TreeMap<>();
        for (String name : List.of(
                "allow_any_name",
                "allow_bare_domains",
                "allow_glob_domains",
                "allow_subdomains",
                "allow_token_displayname",
                "allowed_domains_template",
                "allowed_uri_sans_template",
                "basic_constraints_valid_for_non_ca",
                "code_signing_flag",
                "email_protection_flag",
                "generate_lease",
                "no_store",
                "use_pss")) {
            all.put(name, false);
        }
        for (String name : List.of(
                "allow_ip_sans",
                "allow_localhost",
                "allow_wildcard_certificates",
                "client_flag",
                "enforce_hostnames",
                "require_cn",
                "server_flag",
                "use_csr_common_name",
                "use_csr_sans")) {
            all.put(name, true);
        }
        for (String name : List.of(
                "allowed_domains",
                "allowed_other_sans",
                "allowed_serial_numbers",
                "allowed_uri_sans",
                "allowed_user_ids",
                "country",
                "ext_key_usage",
                "ext_key_usage_oids",
                "locality",
                "organization",
                "ou",
                "policy_identifiers",
                "postal_code",
                "province",
                "street_address")) {
            all.put(name, List.of());
        }
        all.put("cn_validations", List.of("email", "hostname"));
        all.put("issuer_ref", "default");
        all.put("key_type", "rsa");
        all.put("key_usage", List.of("DigitalSignature", "KeyAgreement", "KeyEncipherment"));
        all.put("max_ttl", 0L);
        all.put("not_after", "");
        all.put("not_before_duration", 30L);
        all.put("serial_number_source", "json-csr");
        all.put("ttl", 0L);
        return all;
    }

    static PkiRole written(Fields fields) throws VaultFailure {
        Map<String, @Nullable Object> values = new TreeMap<>();
        for (Map.Entry<String, Object> field : DEFAULTS.entrySet()) {
            values.put(field.getKey(), value(fields, field.getKey(), field.getValue()));
        }
        PkiRole role = new PkiRole(values);
        if (role.maxTtl() > 0 && role.ttl() > role.maxTtl()) {
            throw VaultFailure.bad("\"ttl\" value must be less than \"max_ttl\" value");
        }
        switch (role.keyType()) {
            case "rsa", "any" -> {
                values.put("key_bits", role.keyType().equals("rsa") ? 2048 : 0);
                values.put("signature_bits", role.keyType().equals("rsa") ? 256 : 0);
            }
            case "ec" -> {
                values.put("key_bits", 256);
                values.put("signature_bits", 0);
            }
            default -> throw VaultFailure.bad("unknown key type " + role.keyType());
        }
        return role;
    }

    private static Object value(Fields fields, String name, Object fallback) throws VaultFailure {
        if (fallback instanceof Boolean flag) {
            return fields.flag(name, flag);
        }
        if (fallback instanceof Long seconds) {
            return fields.seconds(name, seconds);
        }
        if (fallback instanceof List<?>) {
            return fields.has(name) ? fields.texts(name) : fallback;
        }
        return fields.has(name) ? fields.text(name) : fallback;
    }

    Map<String, @Nullable Object> describe() {
        return values;
    }

    private boolean is(String flag) {
        return Boolean.TRUE.equals(values.get(flag));
    }

    long ttl() {
        return values.get("ttl") instanceof Long seconds ? seconds : 0;
    }

    long maxTtl() {
        return values.get("max_ttl") instanceof Long seconds ? seconds : 0;
    }

    long notBefore() {
        return values.get("not_before_duration") instanceof Long seconds ? seconds : 0;
    }

    String keyType() {
        return String.valueOf(values.get("key_type"));
    }

    boolean leases() {
        return is("generate_lease");
    }

    boolean needsCommonName() {
        return is("require_cn");
    }

    boolean forServers() {
        return is("server_flag");
    }

    boolean forClients() {
        return is("client_flag");
    }

    static boolean isHostName(String name) {
        return HOST_NAME.matcher(name).matches();
    }

    boolean allows(String name) {
        if (is("enforce_hostnames") && !isHostName(name)) {
            return false;
        }
        if (name.startsWith("*.") && !is("allow_wildcard_certificates")) {
            return false;
        }
        if (is("allow_any_name")
                || (is("allow_localhost") && List.of("localhost", "localdomain").contains(name))) {
            return true;
        }
        if (values.get("allowed_domains") instanceof List<?> domains) {
            for (Object domain : domains) {
                boolean bare = is("allow_bare_domains") && name.equals(domain);
                boolean below = is("allow_subdomains") && name.endsWith("." + domain);
                if (bare || below) {
                    return true;
                }
            }
        }
        return false;
    }
}
