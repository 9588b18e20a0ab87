package io.github.vaultlambda.testkit;

import io.github.vaultlambda.testkit.TestCertificate.KeyType;
import io.github.vaultlambda.testkit.tls.CertificateWriter;
import io.github.vaultlambda.testkit.tls.Keys;
import io.github.vaultlambda.testkit.tls.Pem;
import io.github.vaultlambda.testkit.tls.TlsContexts;
import io.github.vaultlambda.testkit.wire.Mint;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A certificate authority for tests: a root, an intermediate under it, and whatever certificates are asked for, all made in
 * the process. Every authority has keys of its own, so none trusts what another has issued; RSA keys of servers and of
 * clients are made once per process, because that is slow.
 *
 * <p>Validity counts from the system's clock, since TLS judges by that. Immutable and thread-safe.
 */
public final class TestCertificates {
    private static final String ORGANISATION = "vault-lambda testkit";
    private static final Duration DAY = Duration.ofDays(1);

    private final String name = Mint.text(8);
    private final KeyPair rootKey;
    private final X509Certificate root;
    private final KeyPair intermediateKey;
    private final X509Certificate intermediate;

    private TestCertificates(KeyType type) {
        rootKey = type == KeyType.RSA_2048 ? Keys.rsa() : Keys.ec("secp256r1");
        intermediateKey = Keys.ec("secp256r1");
        Instant now = Instant.now();
        root = authority("Test root ", rootKey, now, -1).sign(rootKey.getPrivate(), null);
        intermediate = authority("Test intermediate ", intermediateKey, now, 0).sign(rootKey.getPrivate(), root);
    }

    private CertificateWriter authority(String kind, KeyPair key, Instant now, int pathLength) {
        return new CertificateWriter(
                        key.getPublic(),
                        CertificateWriter.name(ORGANISATION, List.of(), kind + name),
                        now.minus(DAY.multipliedBy(30)),
                        now.plus(DAY.multipliedBy(365)))
                .authority(pathLength);
    }

    /** A new authority whose root has a key on P-256. */
    public static TestCertificates create() {
        return create(KeyType.EC_P256);
    }

    /** A new authority whose root has such a key; a new RSA key takes some tenths of a second. */
    public static TestCertificates create(KeyType rootKeyType) {
        return new TestCertificates(Objects.requireNonNull(rootKeyType, "rootKeyType"));
    }

    /** The root's certificate: what a client must trust. */
    public X509Certificate root() {
        return root;
    }

    /** {@link #root()} as PEM, for VAULT_CACERT_BYTES or a file for VAULT_CACERT. */
    public String rootPem() {
        return Pem.certificates(List.of(root));
    }

    /** The intermediate authority's certificate. */
    public X509Certificate intermediate() {
        return intermediate;
    }

    /** A server's certificate for {@code localhost}, 127.0.0.1 and ::1. */
    public TestCertificate server() {
        return request().issue();
    }

    /** A server's certificate that ended yesterday. */
    public TestCertificate expiredServer() {
        Instant now = Instant.now();
        return request().valid(now.minus(DAY.multipliedBy(2)), now.minus(DAY)).issue();
    }

    /** A server's certificate that begins tomorrow. */
    public TestCertificate notYetValidServer() {
        Instant now = Instant.now();
        return request().valid(now.plus(DAY), now.plus(DAY.multipliedBy(2))).issue();
    }

    /** A server's certificate for {@code elsewhere.example} alone. */
    public TestCertificate wrongHostServer() {
        return request().hosts("elsewhere.example").issue();
    }

    /** A server's certificate for the loopback names which no authority has signed. */
    public TestCertificate selfSignedServer() {
        return request().selfSigned().issue();
    }

    /** A server's certificate that the intermediate has signed, which is part of its chain. */
    public TestCertificate intermediateServer() {
        return request().throughIntermediate().issue();
    }

    /** A client's certificate with this common name. */
    public TestCertificate client(String commonName) {
        return request().forClient(commonName).issue();
    }

    /** Any other certificate; without further settings that of {@link #server()}. */
    public Request request() {
        return new Request(this);
    }

    /** For clients in tests: trusts this root and shows no certificate. */
    public SSLContext clientContext() {
        return TlsContexts.of(null, TlsContexts.trusting(List.of(root)));
    }

    /** For clients in tests: trusts this root and shows that certificate. */
    public SSLContext clientContext(TestCertificate client) {
        return TlsContexts.of(client.keyManager(), TlsContexts.trusting(List.of(root)));
    }

    @Override
    public String toString() {
        return "TestCertificates[" + name + "]";
    }

    /** What a certificate shall say; not thread-safe. */
    public static final class Request {
        private final TestCertificates authority;
        private KeyType keyType = KeyType.EC_P256;
        private List<String> hosts = List.of("localhost", "127.0.0.1", "::1");
        private final List<String> uris = new ArrayList<>();
        private final List<String> emails = new ArrayList<>();
        private final List<String> units = new ArrayList<>();
        private final List<String[]> extensions = new ArrayList<>();
        private @Nullable String commonName;
        private @Nullable Instant from;
        private @Nullable Instant until;
        private boolean client;
        private boolean selfSigned;
        private boolean throughIntermediate;

        private Request(TestCertificates authority) {
            this.authority = authority;
        }

        /** The kind of its key; P-256 unless set. */
        public Request keyType(KeyType newKeyType) {
            keyType = Objects.requireNonNull(newKeyType, "keyType");
            return this;
        }

        /** The subject alternative names, each a DNS name or an IP address; with none the certificate has none. */
        public Request hosts(String... names) {
            hosts = List.of(names);
            return this;
        }

        /** Adds a URI, such as a SPIFFE id, to the subject alternative names. */
        public Request uri(String uri) {
            uris.add(Objects.requireNonNull(uri, "uri"));
            return this;
        }

        /** Adds an e-mail address to the subject alternative names. */
        public Request email(String address) {
            emails.add(Objects.requireNonNull(address, "address"));
            return this;
        }

        /** The subject's common name; unless set, the first host. */
        public Request commonName(String newCommonName) {
            commonName = Objects.requireNonNull(newCommonName, "commonName");
            return this;
        }

        /** Adds an organizational unit to the subject. */
        public Request organizationalUnit(String unit) {
            units.add(Objects.requireNonNull(unit, "unit"));
            return this;
        }

        /** Adds an extension with a UTF8String as its value. */
        public Request extension(String oid, String value) {
            extensions.add(new String[] {oid, value});
            return this;
        }

        /** The first and the last moment, to the second; unless set, from an hour ago for thirty days. */
        public Request valid(Instant newFrom, Instant newUntil) {
            from = Objects.requireNonNull(newFrom, "from");
            until = Objects.requireNonNull(newUntil, "until");
            return this;
        }

        /** For a client: without hosts, with that common name. */
        public Request forClient(String newCommonName) {
            client = true;
            hosts = List.of();
            return commonName(newCommonName);
        }

        /** Signed with its own key. */
        public Request selfSigned() {
            selfSigned = true;
            return this;
        }

        /** Signed by the intermediate authority. */
        public Request throughIntermediate() {
            throughIntermediate = true;
            return this;
        }

        /** The certificate. */
        public TestCertificate issue() {
            KeyPair key =
                    keyType == KeyType.RSA_2048 ? Keys.sharedRsa(client ? "client" : "server") : Keys.ec("secp256r1");
            Instant now = Instant.now();
            String subject = commonName;
            if (subject == null) {
                subject = hosts.isEmpty() ? "nobody" : hosts.get(0);
            }
            CertificateWriter writer = new CertificateWriter(
                    key.getPublic(),
                    CertificateWriter.name(ORGANISATION, units, subject),
                    from == null ? now.minus(Duration.ofHours(1)) : from,
                    until == null ? now.plus(DAY.multipliedBy(30)) : until);
            hosts.forEach(writer::host);
            uris.forEach(writer::uri);
            emails.forEach(writer::email);
            extensions.forEach(extension -> writer.extension(extension[0], extension[1]));
            if (client) {
                writer.forClients();
            } else {
                writer.forServers();
            }
            if (selfSigned) {
                return new TestCertificate(key, List.of(writer.sign(key.getPrivate(), null)));
            }
            if (throughIntermediate) {
                return new TestCertificate(
                        key,
                        List.of(
                                writer.sign(authority.intermediateKey.getPrivate(), authority.intermediate),
                                authority.intermediate));
            }
            return new TestCertificate(key, List.of(writer.sign(authority.rootKey.getPrivate(), authority.root)));
        }
    }
}
