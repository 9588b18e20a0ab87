package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.tls.CertificateWriter;
import io.github.vaultlambda.testkit.tls.Keys;
import io.github.vaultlambda.testkit.tls.Pem;
import io.github.vaultlambda.testkit.wire.Mint;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The PKI secrets engine: a root, roles, and certificates that it really signs, valid by Vault's clock. */
final class PkiEngine implements Backend {
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final Pattern PEM_FRAME = Pattern.compile("-----[A-Z ]+-----|\\n");
    private static final String NO_ACCESS_INFORMATION =
            "This mount hasn't configured any authority information access (AIA) fields; this may make it harder for"
                    + " systems to find missing certificates in the chain or to validate revocation status of certificates."
                    + " Consider updating /config/urls or the newly generated issuer with this information.";

    private record Issuer(KeyPair key, X509Certificate certificate) {}

    private final InstantSource clock;
    private final TreeMap<String, PkiRole> roles = new TreeMap<>();
    /** The first root that was made, which stays the default. */
    private @Nullable Issuer issuer;

    PkiEngine(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String type() {
        return "pki";
    }

    @Override
    public VaultAnswer handle(VaultCall call, String rest) throws VaultFailure {
        int slash = rest.lastIndexOf('/');
        String area = slash < 0 ? rest : rest.substring(0, slash);
        String name = rest.substring(slash + 1);
        switch (area) {
            case "roles" -> {
                return role(call, slash < 0 ? "" : name);
            }
            case "issue", "root/generate" -> {
                if (slash < 0 || name.isEmpty()) {
                    throw Backend.unsupportedPath();
                }
                if (!call.operation().writes()) {
                    throw Backend.unsupportedOperation();
                }
                return area.equals("issue") ? issue(name, call.fields()) : generateRoot(name, call.fields());
            }
            default -> throw Backend.unsupportedPath();
        }
    }

    private VaultAnswer role(VaultCall call, String name) throws VaultFailure {
        if (name.isEmpty()) {
            if (call.operation() != Operation.LIST) {
                throw Backend.unsupportedOperation();
            }
            return KeyTree.answer(new ArrayList<>(roles.keySet()));
        }
        switch (call.operation()) {
            case READ -> {
                PkiRole role = roles.get(name);
                if (role == null) {
                    throw VaultFailure.absent();
                }
                return VaultAnswer.data(role.describe());
            }
            case CREATE, UPDATE -> {
                PkiRole role = PkiRole.written(call.fields());
                roles.put(name, role);
                List<String> warnings = new ArrayList<>();
                if (role.leases()) {
                    warnings.add("it is encouraged to disable generate_lease and rely on PKI's native capabilities when"
                            + " possible; this option can cause Vault-wide issues with large numbers of issued"
                            + " certificates");
                }
                if (issuer == null) {
                    warnings.add("Issuing Certificate was set to default, but no default issuing certificate"
                            + " (configurable at /config/issuers) is currently set");
                }
                return VaultAnswer.data(role.describe()).withWarnings(warnings);
            }
            case DELETE -> {
                roles.remove(name);
                return VaultAnswer.none();
            }
            default -> throw Backend.unsupportedOperation();
        }
    }

    private VaultAnswer generateRoot(String kind, Fields fields) throws VaultFailure {
        if (!kind.equals("internal") && !kind.equals("exported")) {
            throw VaultFailure.bad(
                    "the \"exported\" path parameter must be \"internal\", \"existing\", exported\" or" + " \"kms\"");
        }
        String keyType = fields.has("key_type") ? fields.text("key_type") : "rsa";
        KeyPair key = key(keyType);
        List<String> warnings = new ArrayList<>();
        Instant now = clock.instant();
        Instant until = now.plusSeconds(ttl(fields, 0, 0, warnings));
        X509Certificate root = new CertificateWriter(
                        key.getPublic(),
                        CertificateWriter.commonName(fields.text("common_name")),
                        now.minusSeconds(30),
                        until)
                .authority(-1)
                .sign(key.getPrivate(), null);
        if (issuer == null) {
            issuer = new Issuer(key, root);
        }
        Map<String, @Nullable Object> data = new TreeMap<>();
        data.put("certificate", pem(root));
        data.put("expiration", root.getNotAfter().toInstant().getEpochSecond());
        data.put("issuer_id", Mint.uuid());
        data.put("issuer_name", "");
        data.put("issuing_ca", pem(root));
        data.put("key_id", Mint.uuid());
        data.put("key_name", "");
        data.put("serial_number", serial(root));
        if (kind.equals("exported")) {
            data.put("private_key", keyPem(key, false));
            data.put("private_key_type", keyType);
        }
        warnings.add(NO_ACCESS_INFORMATION);
        return VaultAnswer.data(data).withWarnings(warnings);
    }

    private VaultAnswer issue(String roleName, Fields fields) throws VaultFailure {
        PkiRole role = roles.get(roleName);
        if (role == null) {
            throw VaultFailure.bad("unknown role: " + roleName);
        }
        if (role.keyType().equals("any")) {
            throw VaultFailure.bad("role key type \"any\" not allowed for issuing certificates, only signing");
        }
        String format = fields.has("format") ? fields.text("format") : "pem";
        if (!List.of("pem", "der", "pem_bundle").contains(format)) {
            throw VaultFailure.bad("the \"format\" path parameter must be \"pem\", \"der\", or \"pem_bundle\"");
        }
        Issuer signer = issuer;
        if (signer == null) {
            throw VaultFailure.wrapped(
                    500, "could not fetch the CA certificate (was one set?): no default issuer currently configured");
        }
        List<String> hosts = hosts(role, fields);
        List<String> warnings = new ArrayList<>();
        Instant now = clock.instant();
        long ttl = ttl(fields, role.ttl(), role.maxTtl(), warnings);
        Instant until = now.plusSeconds(ttl);
        Instant latest = signer.certificate().getNotAfter().toInstant();
        if (until.isAfter(latest)) {
            throw VaultFailure.bad("cannot satisfy request, as TTL would result in notAfter of " + until
                    + " that is beyond the expiration of the CA certificate at " + latest);
        }
        KeyPair key = key(role.keyType());
        CertificateWriter writer = new CertificateWriter(
                key.getPublic(),
                CertificateWriter.commonName(fields.text("common_name")),
                now.minusSeconds(role.notBefore()),
                until);
        hosts.forEach(writer::host);
        if (role.forServers()) {
            writer.forServers();
        }
        if (role.forClients()) {
            writer.forClients();
        }
        X509Certificate certificate = writer.sign(signer.key().getPrivate(), signer.certificate());
        boolean pkcs8 = fields.text("private_key_format").equals("pkcs8");
        VaultAnswer answer = VaultAnswer.data(
                        data(format, signer.certificate(), certificate, keyPem(key, pkcs8), role.keyType()))
                .withWarnings(warnings);
        return role.leases() ? answer.leasedAs(new LeasedCertificate(ttl)) : answer;
    }

    private static Map<String, @Nullable Object> data(
            String format, X509Certificate root, X509Certificate certificate, String keyPem, String keyType) {
        boolean der = format.equals("der");
        String shownRoot = der ? base64(root) : pem(root);
        String shown = switch (format) {
            case "der" -> base64(certificate);
            case "pem_bundle" -> keyPem + "\n" + pem(certificate) + "\n" + shownRoot;
            default -> pem(certificate);
        };
        Map<String, @Nullable Object> data = new TreeMap<>();
        data.put("ca_chain", List.of(shownRoot));
        data.put("certificate", shown);
        data.put("expiration", certificate.getNotAfter().toInstant().getEpochSecond());
        data.put("issuing_ca", shownRoot);
        data.put("private_key", der ? PEM_FRAME.matcher(keyPem).replaceAll("") : keyPem);
        data.put("private_key_type", keyType);
        data.put("serial_number", serial(certificate));
        return data;
    }

    // Names first, then addresses, as the certificate has them.
    private static List<String> hosts(PkiRole role, Fields fields) throws VaultFailure {
        String commonName = fields.text("common_name");
        TreeSet<String> names = new TreeSet<>();
        if (commonName.isEmpty()) {
            if (role.needsCommonName()) {
                throw VaultFailure.bad("the common_name field is required, or must be provided in a CSR with"
                        + " \"use_csr_common_name\" set to true, unless \"require_cn\" is set to false");
            }
        } else {
            if (!role.allows(commonName)) {
                throw VaultFailure.bad("common name " + commonName + " not allowed by this role");
            }
            if (!fields.flag("exclude_cn_from_sans", false)) {
                names.add(commonName);
            }
        }
        for (String name : fields.texts("alt_names")) {
            if (!PkiRole.isHostName(name)) {
                continue; // Vault drops it without a word
            }
            if (!role.allows(name)) {
                throw VaultFailure.bad("subject alternate name " + name + " not allowed by this role");
            }
            names.add(name);
        }
        List<String> hosts = new ArrayList<>(names);
        for (String address : fields.texts("ip_sans")) {
            if (!ADDRESS.matcher(address).matches()) {
                throw VaultFailure.bad("the value \"" + address + "\" is not a valid IP address");
            }
            hosts.add(address);
        }
        return hosts;
    }

    private static long ttl(Fields fields, long roleTtl, long roleMaxTtl, List<String> warnings) throws VaultFailure {
        long asked = fields.seconds("ttl", 0);
        long ttl = asked > 0 ? asked : roleTtl > 0 ? roleTtl : TokenStore.SYSTEM_TTL;
        long max = roleMaxTtl > 0 ? roleMaxTtl : TokenStore.SYSTEM_TTL;
        if (ttl <= max) {
            return ttl;
        }
        String warning = "TTL \"" + wholeDuration(ttl) + "\" is longer than permitted maxTTL \"" + wholeDuration(max)
                + "\", so maxTTL is being used";
        warnings.add(warning);
        warnings.add(warning); // twice in Vault too
        return max;
    }

    // As Go prints a duration of an hour and more: no unit is left out.
    private static String wholeDuration(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        String rest = seconds % 3600 / 60 + "m" + seconds % 60 + "s";
        return seconds < 3600 ? rest : seconds / 3600 + "h" + rest;
    }

    private static KeyPair key(String type) throws VaultFailure {
        return switch (type) {
            case "ec" -> Keys.ec("secp256r1");
            case "rsa" -> Keys.rsa();
            default -> throw VaultFailure.bad("unknown key type " + type);
        };
    }

    // Vault's texts end without a line break.
    private static String pem(X509Certificate certificate) {
        return Pem.certificates(List.of(certificate)).stripTrailing();
    }

    private static String keyPem(KeyPair pair, boolean pkcs8) {
        if (pkcs8) {
            return Pem.pkcs8(pair.getPrivate()).stripTrailing();
        }
        String text = pair.getPrivate() instanceof RSAPrivateCrtKey key ? Pem.pkcs1(key) : Pem.sec1(pair);
        return text.stripTrailing();
    }

    private static String base64(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate of our own has its encoding", e);
        }
    }

    private static String serial(X509Certificate certificate) {
        StringBuilder out = new StringBuilder();
        for (byte part : certificate.getSerialNumber().toByteArray()) {
            out.append(out.length() == 0 ? "" : ":").append(String.format("%02x", part));
        }
        return out.toString();
    }

    /** A certificate of a role with {@code generate_lease}; what is signed cannot be taken back. */
    private record LeasedCertificate(long ttl) implements LeasedSecret {
        @Override
        public TokenEntry.Lifetime lifetime() {
            return new TokenEntry.Lifetime(ttl, 0, 0, 0);
        }

        @Override
        public boolean renewable() {
            return false;
        }

        @Override
        public void end() {
            // A revocation list is nothing that a client of Vault's secrets reads.
        }
    }
}
