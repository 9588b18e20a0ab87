package io.github.vaultlambda.config;

import io.github.vaultlambda.http.TlsOptions;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The variables that say how the connection to Vault is secured. Whether files are there is looked at at once; what is in them
 * only when the first connection is made, because to read certificates costs a cold start more than all the rest here.
 */
final class TlsSettings {
    private TlsSettings() {}

    static TlsOptions read(EnvironmentSettings settings) {
        String caFile = settings.text("VAULT_CACERT");
        String caText = settings.text("VAULT_CACERT_BYTES");
        String caPath = settings.text("VAULT_CAPATH");
        String certificate = settings.text("VAULT_CLIENT_CERT");
        String key = settings.text("VAULT_CLIENT_KEY");
        String serverName = settings.text("VAULT_TLS_SERVER_NAME");
        boolean skipVerify = settings.flag("VAULT_SKIP_VERIFY", false);
        if (caFile == null
                && caText == null
                && caPath == null
                && certificate == null
                && key == null
                && serverName == null
                && !skipVerify) {
            return TlsOptions.defaults();
        }
        TlsOptions.Builder tls = TlsOptions.builder().serverName(serverName).skipVerify(skipVerify);
        if (caFile != null) {
            Path file = file(settings, "VAULT_CACERT", caFile, "; for a folder of certificates there is VAULT_CAPATH");
            if (file != null) {
                tls.authoritiesFile(file);
            }
        } else if (caText != null) {
            if (!caText.contains("-----BEGIN ")) {
                settings.fault("VAULT_CACERT_BYTES holds no certificate in PEM form (value not shown)");
            }
            tls.authorities(caText, "VAULT_CACERT_BYTES");
        } else if (caPath != null) {
            Path folder = path(settings, "VAULT_CAPATH", caPath);
            if (folder != null && !Files.isDirectory(folder)) {
                settings.fault("VAULT_CAPATH is " + quoted(caPath) + ": there is no such folder");
            } else if (folder != null) {
                tls.authoritiesDirectory(folder);
            }
        }
        clientCertificate(settings, tls, certificate, key);
        return tls.build();
    }

    private static void clientCertificate(
            EnvironmentSettings settings, TlsOptions.Builder tls, @Nullable String certificate, @Nullable String key) {
        if ((certificate == null) != (key == null)) {
            settings.fault(
                    certificate == null
                            ? "VAULT_CLIENT_KEY is set but VAULT_CLIENT_CERT is not: set both or none"
                            : "VAULT_CLIENT_CERT is set but VAULT_CLIENT_KEY is not: set both or none");
        } else if (certificate != null && key != null) {
            Path certificateFile = file(settings, "VAULT_CLIENT_CERT", certificate, "");
            Path keyFile = file(settings, "VAULT_CLIENT_KEY", key, "");
            if (certificateFile != null && keyFile != null) {
                tls.clientCertificate(certificateFile, keyFile);
            }
        }
    }

    private static @Nullable Path file(EnvironmentSettings settings, String variable, String value, String otherwise) {
        Path file = path(settings, variable, value);
        if (file == null) {
            return null;
        }
        if (!Files.isRegularFile(file)) {
            settings.fault(variable + " is " + quoted(value) + ": there is no such file" + otherwise);
            return null;
        }
        if (!Files.isReadable(file)) {
            settings.fault(variable + " is " + quoted(value) + ": this process may not read that file");
            return null;
        }
        return file;
    }

    private static @Nullable Path path(EnvironmentSettings settings, String variable, String value) {
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            settings.fault(variable + " is " + quoted(value) + ", which is no path of a file");
            return null;
        }
    }

    /** A path, unless somebody put the PEM text itself there: that may be a key. */
    private static String quoted(String value) {
        return value.contains("-----") || value.indexOf('\n') >= 0
                ? "PEM text (not shown), but the path of a file is wanted"
                : "\"" + value + "\"";
    }
}
