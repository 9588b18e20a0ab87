package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Json;
import io.github.vaultlambda.testkit.wire.JsonException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Asks a Kubernetes API server whether a service account's token is good. */
final class KubernetesReview {
    private static final String PATH = "/apis/authentication.k8s.io/v1/tokenreviews";
    private static final int TIMEOUT_MILLIS = 10_000;

    private final String host;
    private final String caCertificate;
    private final String reviewer;

    /** {@code reviewer} is the token to ask with; empty to ask with the token in question. */
    KubernetesReview(String host, String caCertificate, String reviewer) {
        this.host = host;
        this.caCertificate = caCertificate;
        this.reviewer = reviewer;
    }

    /** Whether the API server knows the token as this account's. */
    boolean confirms(String token, List<String> audiences, ServiceAccount account) {
        try {
            Map<String, Object> spec = new LinkedHashMap<>();
            spec.put("token", token);
            if (!audiences.isEmpty()) {
                spec.put("audiences", audiences);
            }
            byte[] answer = post(Json.write(Map.of("spec", spec)).getBytes(StandardCharsets.UTF_8), token);
            Map<String, ?> status = Json.object(Json.readObject(answer).get("status"));
            Map<String, ?> user = Json.object(status.get("user"));
            String name = "system:serviceaccount:" + account.namespace() + ":" + account.name();
            Object error = status.get("error");
            return (error == null || error.toString().isEmpty())
                    && Boolean.TRUE.equals(status.get("authenticated"))
                    && name.equals(user.get("username"))
                    && account.uid().equals(user.get("uid"));
        } catch (IOException | GeneralSecurityException | JsonException | IllegalArgumentException e) {
            return false; // Vault tells its log why, and the caller nothing.
        }
    }

    private byte[] post(byte[] body, String token) throws IOException, GeneralSecurityException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(host + PATH).toURL().openConnection();
        if (connection instanceof HttpsURLConnection secure && !caCertificate.isEmpty()) {
            secure.setSSLSocketFactory(trust().getSocketFactory());
        }
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Authorization", "Bearer " + (reviewer.isEmpty() ? token : reviewer));
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setRequestProperty("Accept", "application/json");
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        try (InputStream in = connection.getInputStream()) {
            return in.readAllBytes();
        }
    }

    private SSLContext trust() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (X509Certificate certificate : Pem.certificates(caCertificate)) {
            store.setCertificateEntry("ca" + number++, certificate);
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
