package io.github.vaultlambda.contract;

import io.github.vaultlambda.testkit.TestCertificate;
import io.github.vaultlambda.testkit.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/** Certificates and keys in files, as the environment of a function names them. Keys are written into the ledger. */
final class TlsFiles implements AutoCloseable {
    private final Deque<Path> written = new ArrayDeque<>();
    private final Path folder;
    private final Path authorities;

    TlsFiles(TestCertificates authority) {
        try {
            this.folder = Files.createTempDirectory("vault-contract");
            this.authorities = Files.createDirectory(folder.resolve("authorities"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write(authorities.resolve("authority.pem"), authority.rootPem());
    }

    /** Variables for an address, with the authority in a file. */
    Map<String, String> variables(URI address) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("VAULT_ADDR", address.toString());
        variables.put("VAULT_CACERT", authorities.resolve("authority.pem").toString());
        return variables;
    }

    /** The same, and a client certificate. */
    Map<String, String> variables(URI address, TestCertificate client) {
        Map<String, String> variables = variables(address);
        String name = "client-" + written.size();
        String key = client.privateKeyPem();
        key.lines().forEach(SecretsLedger::add);
        variables.put("VAULT_CLIENT_CERT", write(folder.resolve(name + ".pem"), client.chainPem()));
        variables.put("VAULT_CLIENT_KEY", write(folder.resolve(name + ".key"), key));
        return variables;
    }

    /** The folder in which the authority's file is. */
    String authorities() {
        return authorities.toString();
    }

    private String write(Path file, String text) {
        try {
            written.add(Files.writeString(file, text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toString();
    }

    @Override
    public void close() {
        try {
            for (Path file : written) {
                Files.delete(file);
            }
            Files.delete(authorities);
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
