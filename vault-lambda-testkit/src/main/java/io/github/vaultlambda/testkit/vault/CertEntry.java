package io.github.vaultlambda.testkit.vault;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A trusted certificate of the cert auth method, and which client certificates it lets in. Immutable. */
record CertEntry(
        String pem,
        List<X509Certificate> certificates,
        String displayName,
        Map<String, List<String>> allowed,
        TokenParams token) {
    private static final List<String> CONSTRAINTS = List.of(
            "allowed_common_names",
            "allowed_dns_sans",
            "allowed_email_sans",
            "allowed_names",
            "allowed_organizational_units",
            "allowed_organizations",
            "allowed_uri_sans");
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USAGE = "2.5.29.37.0";
    private static final CertEntry BLANK = new CertEntry("", List.of(), "", Map.of(), TokenParams.NONE);

    /** The entry after a write; what the fields do not name stays as it was. */
    static CertEntry written(String name, @Nullable CertEntry known, Fields fields) throws VaultFailure {
        CertEntry old = known == null ? BLANK : known;
        for (String other : List.of("required_extensions", "allowed_metadata_extensions", "ocsp_enabled")) {
            if (fields.has(other)) {
                throw VaultFailure.bad("the Vault stand-in has no " + other);
            }
        }
        Map<String, List<String>> allowed = new LinkedHashMap<>(old.allowed);
        for (String constraint : CONSTRAINTS) {
            if (fields.has(constraint)) {
                allowed.put(constraint, List.copyOf(fields.texts(constraint)));
            }
        }
        TokenParams token = TokenParams.written(old.token, fields);
        String pem = fields.has("certificate") ? fields.text("certificate") : old.pem;
        String display = fields.has("display_name") ? fields.text("display_name") : old.displayName;
        List<X509Certificate> certificates = Pem.certificates(pem);
        if (certificates.isEmpty()) {
            throw VaultFailure.bad("failed to parse certificate");
        }
        CertEntry entry = new CertEntry(pem, certificates, display.isEmpty() ? name : display, allowed, token);
        if (!entry.authority() && !forClients(certificates.get(0))) {
            throw VaultFailure.bad(
                    "nonCA certificates should have TLS client authentication set as an extended key" + " usage");
        }
        return entry;
    }

    /** Whether a certificate may be used by a TLS client. */
    static boolean forClients(X509Certificate certificate) {
        try {
            List<String> usages = certificate.getExtendedKeyUsage();
            return usages == null || usages.contains(CLIENT_AUTH) || usages.contains(ANY_USAGE);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** Whether this trusts what its certificates issued, and not one certificate only. */
    boolean authority() {
        return certificates.get(0).getBasicConstraints() >= 0;
    }

    /** Whether a client certificate has the names that this entry wants. */
    boolean allows(X509Certificate client) {
        List<String> common = List.of(CertNames.commonName(client));
        List<String> dns = CertNames.alternatives(client, 2);
        List<String> email = CertNames.alternatives(client, 1);
        List<String> any = new ArrayList<>(common);
        any.addAll(dns);
        any.addAll(email);
        return fits("allowed_names", any)
                && fits("allowed_common_names", common)
                && fits("allowed_dns_sans", dns)
                && fits("allowed_email_sans", email)
                && fits("allowed_uri_sans", CertNames.alternatives(client, 6))
                && fits("allowed_organizational_units", CertNames.attributes(client, "OU"))
                && fits("allowed_organizations", CertNames.attributes(client, "O"));
    }

    private boolean fits(String constraint, List<String> names) {
        List<String> patterns = allowed.getOrDefault(constraint, List.of());
        for (String pattern : patterns) {
            for (String name : names) {
                if (BoundClaims.glob(pattern, name)) {
                    return true;
                }
            }
        }
        return patterns.isEmpty();
    }

    Map<String, @Nullable Object> describe() {
        Map<String, @Nullable Object> data = new TreeMap<>();
        for (String constraint : CONSTRAINTS) {
            data.put(constraint, allowed.get(constraint));
        }
        data.put("allowed_metadata_extensions", null);
        data.put("certificate", pem);
        data.put("display_name", displayName);
        data.put("ocsp_ca_certificates", "");
        data.put("ocsp_enabled", false);
        data.put("ocsp_fail_open", false);
        data.put("ocsp_max_retries", 4);
        data.put("ocsp_query_all_servers", false);
        data.put("ocsp_servers_override", null);
        data.put("ocsp_this_update_max_age", 0);
        data.put("required_extensions", null);
        token.describe(data);
        return data;
    }
}
