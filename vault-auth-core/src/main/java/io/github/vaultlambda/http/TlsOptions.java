package io.github.vaultlambda.http;

import io.github.vaultlambda.http.TransportException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How connections are secured. By default the server's certificate is verified against the trust store of the Java runtime and
 * must be for the host; the versions are TLS 1.2 and 1.3. Immutable and thread-safe; files are read when they are first needed,
 * or by {@link #load}, and then no more.
 */
public final class TlsOptions {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final TlsOptions DEFAULTS = builder().build();

    private final @Nullable String authorities;
    private final @Nullable String authoritiesSource;
    private final @Nullable Path authoritiesFile;
    private final @Nullable Path authoritiesDirectory;
    private final @Nullable Path clientCertificate;
    private final @Nullable Path clientKey;
    private final @Nullable String serverName;
    private final boolean skipVerify;

    private final Object loading = new Object();
    private volatile @Nullable SSLContext context;

    private TlsOptions(Builder builder) {
        this.authorities = builder.authorities;
        this.authoritiesSource = builder.authoritiesSource;
        this.authoritiesFile = builder.authoritiesFile;
        this.authoritiesDirectory = builder.authoritiesDirectory;
        this.clientCertificate = builder.clientCertificate;
        this.clientKey = builder.clientKey;
        this.serverName = builder.serverName;
        this.skipVerify = builder.skipVerify;
    }

    /** The trust store of the Java runtime, no client certificate, everything verified. */
    public static TlsOptions defaults() {
        return DEFAULTS;
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads the files now, so that what is wrong with them shows before the first connection.
     *
     * @throws IllegalArgumentException when one cannot be used, in one sentence that names the file and quotes nothing of it
     */
    public void load() {
        if (context == null) {
            synchronized (loading) {
                if (context == null) {
                    context = newContext();
                }
            }
        }
    }

    /**
     * As {@link #load}, in the background: to load the JDK's TLS takes a fresh process a tenth of a second, and need not wait until
     * the first connection stands. What is wrong shows at that connection.
     */
    public void loadAhead() {
        if (context == null) {
            Thread thread = new Thread(new Ahead(), "vault-tls-ahead");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /**
     * As {@link #load}, and goes through the first step of a handshake, for whose keys and extensions the JDK loads as much again.
     * The greeting goes nowhere.
     */
    public void greetNobody() {
        load();
        try {
            SSLEngine engine = Objects.requireNonNull(context).createSSLEngine("nobody.invalid", 443);
            engine.setUseClientMode(true);
            engine.beginHandshake();
            engine.wrap(
                    ByteBuffer.allocate(0),
                    ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
        } catch (SSLException e) {
            // A handshake that counts will say so.
        }
    }

    private final class Ahead implements Runnable {
        @Override
        public void run() {
            try {
                load();
            } catch (IllegalArgumentException e) {
                // The first connection will say so.
            }
        }
    }

    /** Whether nothing is verified. */
    public boolean skipsVerification() {
        return skipVerify;
    }

    /** Whether there is a certificate to show to servers that ask for one. */
    public boolean hasClientCertificate() {
        return clientCertificate != null;
    }

    /**
     * Makes TLS over a connection, handshake included.
     *
     * @param asServerName whether the name that the options give the server stands for this host
     */
    SSLSocket secure(Socket connected, String host, int port, boolean asServerName) throws IOException {
        try {
            load();
        } catch (IllegalArgumentException e) {
            throw new TransportException(
                    Kind.TLS_OPTIONS, String.valueOf(e.getMessage()), "correct the variable that names it", e);
        }
        String name = asServerName && serverName != null ? serverName : host;
        SSLSocket socket = (SSLSocket)
                Objects.requireNonNull(context).getSocketFactory().createSocket(connected, name, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        if (name.indexOf('.') < 0 && IpAddress.bytes(name) == null) {
            indicate(parameters, name);
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** The JDK tells the server only names with a dot; a server behind a short one needs it as well. */
    private static void indicate(SSLParameters parameters, String name) {
        try {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        } catch (IllegalArgumentException e) {
            // A name that DNS does not allow cannot be told.
        }
    }

    /** Drops what a later connection would take over from an earlier one: nothing of that may outlive a checkpoint. */
    void forgetSessions() {
        SSLContext present = context;
        if (present == null) {
            return;
        }
        SSLSessionContext sessions = present.getClientSessionContext();
        for (byte[] id : Collections.list(sessions.getIds())) {
            SSLSession session = sessions.getSession(id);
            if (session != null) {
                session.invalidate();
            }
        }
    }

    private SSLContext newContext() {
        ClientKey key =
                clientCertificate == null || clientKey == null ? null : ClientKey.read(clientCertificate, clientKey);
        try {
            SSLContext made = SSLContext.getInstance("TLS");
            made.init(key == null ? null : new KeyManager[] {key}, new TrustManager[] {trust()}, null);
            return made;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime cannot do TLS: " + e.getMessage(), e);
        }
    }

    private TrustManager trust() throws GeneralSecurityException {
        if (skipVerify) {
            return new NoVerification();
        }
        List<X509Certificate> trusted = trusted();
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trusted == null ? null : keyStore(trusted));
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager chains) {
                return new ServerTrust(chains, trusted != null);
            }
        }
        throw new GeneralSecurityException("no trust manager for certificates");
    }

    private static KeyStore keyStore(List<X509Certificate> certificates) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("authority" + i, certificates.get(i));
        }
        return store;
    }

    /** The authorities of the user's own, or null when those of the Java runtime count. */
    private @Nullable List<X509Certificate> trusted() {
        if (authorities == null && authoritiesFile == null && authoritiesDirectory == null) {
            return null;
        }
        List<X509Certificate> trusted = new ArrayList<>();
        if (authorities != null) {
            trusted.addAll(new Pem(authorities, String.valueOf(authoritiesSource)).certificates());
        }
        if (authoritiesFile != null) {
            trusted.addAll(Pem.read(authoritiesFile).certificates());
        }
        if (authoritiesDirectory != null) {
            addDirectory(authoritiesDirectory, trusted);
        }
        return trusted;
    }

    /** Every file in the directory and below it, as Vault's own programs do; links are followed. */
    private static void addDirectory(Path directory, List<X509Certificate> trusted) {
        int before = trusted.size();
        try (Stream<Path> files = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
            for (Iterator<Path> each = files.iterator(); each.hasNext(); ) {
                Path file = each.next();
                if (Files.isRegularFile(file)) {
                    Pem.read(file).addCertificates(trusted);
                }
            }
        } catch (IOException e) {
            throw unreadable(directory, e);
        } catch (UncheckedIOException e) {
            throw unreadable(directory, Objects.requireNonNull(e.getCause()));
        }
        if (trusted.size() == before) {
            throw new IllegalArgumentException("the directory " + directory + " holds no certificate in PEM form");
        }
    }

    private static IllegalArgumentException unreadable(Path directory, IOException e) {
        return new IllegalArgumentException("the directory " + directory + " cannot be read: " + Pem.reason(e), e);
    }

    /** What is set, without any content. */
    @Override
    public String toString() {
        return "TLS options: authorities "
                + (authoritiesFile != null
                        ? authoritiesFile
                        : authoritiesDirectory != null
                                ? authoritiesDirectory
                                : authorities != null ? authoritiesSource : "of the Java runtime")
                + ", client certificate "
                + (clientCertificate == null ? "none" : clientCertificate)
                + ", server name "
                + (serverName == null ? "of the address" : serverName)
                + (skipVerify ? ", NOTHING VERIFIED" : "");
    }

    /** Builds {@link TlsOptions}. Authorities from several places add up. Not thread-safe. */
    public static final class Builder {
        private @Nullable String authorities;
        private @Nullable String authoritiesSource;
        private @Nullable Path authoritiesFile;
        private @Nullable Path authoritiesDirectory;
        private @Nullable Path clientCertificate;
        private @Nullable Path clientKey;
        private @Nullable String serverName;
        private boolean skipVerify;

        private Builder() {}

        /**
         * Trusts these authorities, and those of the Java runtime no longer.
         *
         * @param pem their certificates, one or several
         * @param source where the text comes from, for messages, such as {@code VAULT_CACERT_BYTES}
         */
        public Builder authorities(String pem, String source) {
            this.authorities = Objects.requireNonNull(pem, "pem");
            this.authoritiesSource = Objects.requireNonNull(source, "source");
            return this;
        }

        /** Trusts the authorities in this PEM file (VAULT_CACERT), and those of the Java runtime no longer. */
        public Builder authoritiesFile(Path file) {
            this.authoritiesFile = Objects.requireNonNull(file, "file");
            return this;
        }

        /** Trusts the authorities in all PEM files of this directory (VAULT_CAPATH), and those of the Java runtime no longer. */
        public Builder authoritiesDirectory(Path directory) {
            this.authoritiesDirectory = Objects.requireNonNull(directory, "directory");
            return this;
        }

        /**
         * Shows this certificate to servers that ask for one (VAULT_CLIENT_CERT, VAULT_CLIENT_KEY).
         *
         * @param certificate a PEM file with the certificate and those above it, in any order
         * @param key a PEM file with its key: PKCS#8, PKCS#1 for RSA, SEC1 for EC, not encrypted; may be the same file
         */
        public Builder clientCertificate(Path certificate, Path key) {
            this.clientCertificate = Objects.requireNonNull(certificate, "certificate");
            this.clientKey = Objects.requireNonNull(key, "key");
            return this;
        }

        /**
         * Asks the server for this name, and verifies its certificate for it, instead of the host in the address
         * (VAULT_TLS_SERVER_NAME); null for the host. Does not apply to a proxy.
         */
        public Builder serverName(@Nullable String name) {
            this.serverName = name;
            return this;
        }

        /** Whether nothing is verified (VAULT_SKIP_VERIFY), so that anybody may read along; default false. */
        public Builder skipVerify(boolean skip) {
            this.skipVerify = skip;
            return this;
        }

        /** The options. Reads no file yet. */
        public TlsOptions build() {
            return new TlsOptions(this);
        }
    }
}
