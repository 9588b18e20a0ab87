package io.github.vaultlambda.testkit.vault;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The TLS certificate auth method. */
final class CertMethod implements LoginMethod {
    private static final String UNMATCHED = "failed to match all constraints for this login certificate";

    private final LoginTokens tokens;
    private final InstantSource clock;
    private final RoleTable<CertEntry> certs = new RoleTable<>("certs/", CertEntry::written, CertEntry::describe);
    private boolean unbound;

    CertMethod(LoginTokens tokens, InstantSource clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "cert";
    }

    @Override
    public boolean exists(String rest) {
        // Vault does not look whether such a certificate is there before it writes it.
        return true;
    }

    @Override
    public VaultAnswer handle(VaultCall call, String rest) throws VaultFailure {
        if (certs.serves(rest)) {
            return certs.handle(call, rest);
        }
        if (rest.equals("config")) {
            if (call.operation() == Operation.READ) {
                return VaultAnswer.data(Map.of("disable_binding", unbound, "enable_identity_alias_metadata", false));
            }
            if (call.operation().writes()) {
                unbound = call.fields().flag("disable_binding", false);
                return VaultAnswer.none();
            }
            throw Backend.unsupportedOperation();
        }
        throw Backend.unsupportedPath();
    }

    @Override
    public boolean login(String rest) {
        return rest.equals("login");
    }

    @Override
    public Login begin(VaultCall call, String rest) throws VaultFailure {
        LoginMethod.requireWrite(call);
        if (!call.tls()) {
            throw VaultFailure.bad("tls connection required");
        }
        List<X509Certificate> chain = call.peerCertificates();
        String name = matched(chain, call.fields().text("name"));
        X509Certificate client = chain.get(0);
        CertEntry entry = entry(name);
        String common = CertNames.commonName(client);
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("authority_key_id", CertNames.authorityKeyId(client));
        metadata.put("cert_name", name);
        metadata.put("common_name", common);
        metadata.put("serial_number", client.getSerialNumber().toString());
        metadata.put("subject_key_id", CertNames.subjectKeyId(client));
        List<String> policies = entry.token().policies();
        return () -> tokens.issue(
                new LoginTokens.Subject(common, entry.displayName(), metadata),
                entry.token(),
                rest,
                peer -> renewal(name, client, policies, peer));
    }

    private CertEntry entry(String name) throws VaultFailure {
        CertEntry entry = certs.get(name);
        if (entry == null) {
            throw VaultFailure.bad(UNMATCHED);
        }
        return entry;
    }

    /** The name of the entry that lets this chain in; only {@code wanted} is looked at unless that is empty. */
    private String matched(List<X509Certificate> chain, String wanted) throws VaultFailure {
        if (chain.isEmpty()) {
            throw VaultFailure.bad("client certificate must be supplied");
        }
        X509Certificate client = chain.get(0);
        requireCurrent(client);
        requireClientUse(chain, wanted);
        String byAuthority = null;
        for (Map.Entry<String, CertEntry> named : certs.all().entrySet()) {
            CertEntry entry = named.getValue();
            if (!isWanted(named.getKey(), wanted) || !entry.allows(client)) {
                continue;
            }
            X509Certificate trusted = entry.certificates().get(0);
            if (entry.authority()) {
                byAuthority = byAuthority == null && issued(chain, entry) ? named.getKey() : byAuthority;
            } else if (trusted.getSerialNumber().equals(client.getSerialNumber())) {
                if (!trusted.equals(client)) {
                    throw VaultFailure.bad("certificate mismatch of a trusted leaf certificate");
                }
                return named.getKey();
            }
        }
        if (byAuthority == null) {
            throw VaultFailure.bad(UNMATCHED);
        }
        return byAuthority;
    }

    private static boolean isWanted(String name, String wanted) {
        return wanted.isEmpty() || wanted.equalsIgnoreCase(name);
    }

    /** A certificate of a trusted authority that is not for clients is a fault, and not just nobody's. */
    private void requireClientUse(List<X509Certificate> chain, String wanted) throws VaultFailure {
        if (CertEntry.forClients(chain.get(0))) {
            return;
        }
        for (Map.Entry<String, CertEntry> named : certs.all().entrySet()) {
            CertEntry entry = named.getValue();
            if (isWanted(named.getKey(), wanted) && entry.authority() && issued(chain, entry)) {
                throw new VaultFailure(
                        500,
                        List.of("failed to verify client's certificate: x509: certificate specifies an incompatible key"
                                + " usage"));
            }
        }
    }

    private void requireCurrent(X509Certificate client) throws VaultFailure {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant from = client.getNotBefore().toInstant();
        Instant until = client.getNotAfter().toInstant();
        if (now.isBefore(from) || now.isAfter(until)) {
            throw new VaultFailure(
                    500,
                    List.of("failed to verify client's certificate: x509: certificate has expired or is not yet valid:"
                            + " current time " + now + " is "
                            + (now.isBefore(from) ? "before " + from : "after " + until)));
        }
    }

    private boolean issued(List<X509Certificate> chain, CertEntry entry) {
        Set<TrustAnchor> anchors = new HashSet<>();
        entry.certificates().forEach(certificate -> anchors.add(new TrustAnchor(certificate, null)));
        try {
            X509CertSelector target = new X509CertSelector();
            target.setCertificate(chain.get(0));
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(clock.instant()));
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            CertPathBuilder.getInstance("PKIX").build(parameters);
            return true;
        } catch (GeneralSecurityException e) {
            return false; // no way from the client's certificate to this entry
        }
    }

    private TokenEntry.@Nullable Lifetime renewal(
            String name, X509Certificate client, List<String> policies, List<X509Certificate> peer)
            throws VaultFailure {
        if (!unbound) {
            matched(peer, name);
            X509Certificate shown = peer.get(0);
            if (!CertNames.subjectKeyId(shown).equals(CertNames.subjectKeyId(client))
                    && !CertNames.authorityKeyId(shown).equals(CertNames.authorityKeyId(client))) {
                throw VaultFailure.wrapped(
                        500,
                        "failed to renew entry: client identity during renewal not matching client identity used during"
                                + " login");
            }
        }
        CertEntry entry = certs.get(name);
        if (entry == null) {
            return null;
        }
        if (!entry.token().policies().equals(policies)) {
            throw VaultFailure.wrapped(500, "failed to renew entry: policies have changed, not renewing");
        }
        return entry.token().lifetime();
    }
}
