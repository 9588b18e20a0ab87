package io.github.vaultlambda.testkit.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes one X.509 version 3 certificate (RFC 5280) and signs it. Not thread-safe. */
public final class CertificateWriter {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int EMAIL = 1;
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int IP = 7;

    private final PublicKey key;
    private final byte[] subject;
    private final List<byte[]> alternativeNames = new ArrayList<>();
    private final List<byte[]> ownExtensions = new ArrayList<>();
    private final List<byte[]> purposes = new ArrayList<>();
    private final Instant from;
    private final Instant until;
    private boolean authority;
    private int pathLength = -1;

    /** A certificate of {@code key} for this time, with the subject of {@link #name}. */
    public CertificateWriter(PublicKey key, byte[] subject, Instant from, Instant until) {
        this.key = key;
        this.subject = subject.clone();
        this.from = from;
        this.until = until;
    }

    /** A distinguished name: organisation, units, common name. */
    public static byte[] name(String organisation, List<String> units, String commonName) {
        List<byte[]> parts = new ArrayList<>();
        parts.add(attribute("2.5.4.10", organisation));
        for (String unit : units) {
            parts.add(attribute("2.5.4.11", unit));
        }
        parts.add(attribute("2.5.4.3", commonName));
        return Der.sequence(parts.toArray(new byte[0][]));
    }

    /** A distinguished name that is a common name and no more. */
    public static byte[] commonName(String name) {
        return Der.sequence(attribute("2.5.4.3", name));
    }

    private static byte[] attribute(String oid, String value) {
        return Der.set(Der.sequence(Der.oid(oid), Der.text(value)));
    }

    /** Allows the key to sign certificates; a negative length is without limit. */
    public CertificateWriter authority(int newPathLength) {
        authority = true;
        pathLength = newPathLength;
        return this;
    }

    /** Adds a DNS name or, when it is an IP address, that. */
    public CertificateWriter host(String name) {
        if (isAddress(name)) {
            try {
                alternativeNames.add(
                        Der.implicit(IP, InetAddress.getByName(name).getAddress()));
                return this;
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("not an IP address: " + name, e);
            }
        }
        return ascii(DNS, name);
    }

    // Whatever is none would be looked up.
    private static boolean isAddress(String name) {
        return name.indexOf(':') >= 0 || name.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }

    /** Adds a URI to the alternative names. */
    public CertificateWriter uri(String uri) {
        return ascii(URI, uri);
    }

    /** Adds an address to the alternative names. */
    public CertificateWriter email(String address) {
        return ascii(EMAIL, address);
    }

    private CertificateWriter ascii(int tag, String text) {
        alternativeNames.add(Der.implicit(tag, text.getBytes(StandardCharsets.US_ASCII)));
        return this;
    }

    /** Allows use in TLS as a server. */
    public CertificateWriter forServers() {
        purposes.add(Der.oid("1.3.6.1.5.5.7.3.1"));
        return this;
    }

    /** Allows use in TLS as a client. */
    public CertificateWriter forClients() {
        purposes.add(Der.oid("1.3.6.1.5.5.7.3.2"));
        return this;
    }

    /** Adds an extension that is not critical, whose value is a UTF8String. */
    public CertificateWriter extension(String oid, String value) {
        ownExtensions.add(extension(oid, false, Der.text(value)));
        return this;
    }

    /** The certificate, signed with that key; without an issuer it is self-signed. */
    public X509Certificate sign(PrivateKey signer, @Nullable X509Certificate issuer) {
        byte[] signing = SignatureKind.of(signer).signature();
        PublicKey issuerKey = issuer == null ? key : issuer.getPublicKey();
        byte[] issuerName =
                issuer == null ? subject : issuer.getSubjectX500Principal().getEncoded();
        try {
            byte[] content = Der.sequence(
                    Der.explicit(0, Der.integer(2)),
                    Der.integer(new BigInteger(127, RANDOM).setBit(126)),
                    signing,
                    issuerName,
                    Der.sequence(Der.time(from), Der.time(until)),
                    subject,
                    key.getEncoded(),
                    Der.explicit(3, Der.sequence(extensions(issuerKey))));
            byte[] signature = SignatureKind.of(signer).sign(signer, content);
            byte[] encoded = Der.sequence(content, signing, Der.bits(signature));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }

    private byte[][] extensions(PublicKey issuerKey) throws GeneralSecurityException {
        List<byte[]> out = new ArrayList<>();
        if (authority) {
            out.add(extension(
                    "2.5.29.19",
                    true,
                    pathLength < 0 ? Der.sequence(Der.yes()) : Der.sequence(Der.yes(), Der.integer(pathLength))));
        } else {
            out.add(extension("2.5.29.19", true, Der.sequence()));
        }
        // digitalSignature and, for RSA, keyEncipherment; digitalSignature, keyCertSign and cRLSign.
        int leaf = key.getAlgorithm().equals("RSA") ? 0xa0 : 0x80;
        out.add(extension("2.5.29.15", true, Der.namedBits(authority ? 0x86 : leaf)));
        out.add(extension("2.5.29.14", false, Der.octets(keyId(key))));
        out.add(extension("2.5.29.35", false, Der.sequence(Der.implicit(0, keyId(issuerKey)))));
        if (!purposes.isEmpty()) {
            out.add(extension("2.5.29.37", false, Der.sequence(purposes.toArray(new byte[0][]))));
        }
        if (!alternativeNames.isEmpty()) {
            out.add(extension("2.5.29.17", false, Der.sequence(alternativeNames.toArray(new byte[0][]))));
        }
        out.addAll(ownExtensions);
        return out.toArray(new byte[0][]);
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.oid(oid), Der.yes(), Der.octets(value))
                : Der.sequence(Der.oid(oid), Der.octets(value));
    }

    // RFC 7093, method 1: any number that tells the keys apart will do.
    private static byte[] keyId(PublicKey key) throws GeneralSecurityException {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
        byte[] id = new byte[20];
        System.arraycopy(hash, 0, id, 0, id.length);
        return id;
    }
}
