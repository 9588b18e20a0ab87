package io.github.vaultlambda.secrets;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.vaultlambda.auth.login.AppRoleLogin;
import io.github.vaultlambda.auth.login.AppRoleOptions;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.TokenSource;
import io.github.vaultlambda.client.VaultClient;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.VaultConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/**
 * A login and a read of a server that this process is to itself for that moment, on the loopback address: so all is loaded that a
 * first use needs, from sockets to JSON, and neither Vault nor anything secret is touched.
 */
final class DryRun implements Runnable, TokenSource, AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final String TOKEN =
            "{\"auth\":{\"client_token\":\"nothing\",\"accessor\":\"nothing\",\"policies\":[],"
                    + "\"lease_duration\":1,\"renewable\":true}}";
    private static final String SECRET =
            "{\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,\"data\":{\"data\":{"
                    + "\"nothing\":\"\\u0020\",\"number\":0},\"metadata\":{\"created_time\":\"2026-01-01T00:00:00.0Z\",\"version\":1}}}";

    private final ServerSocket server;
    private final VaultEndpoint endpoint;

    private DryRun() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        server.setSoTimeout((int) TIMEOUT.toMillis());
        VaultConfig config = VaultConfig.builder()
                .address(URI.create("http://127.0.0.1:" + server.getLocalPort()))
                .maxRetries(0)
                .requestTimeout(TIMEOUT)
                .build();
        endpoint = new VaultEndpoint(config, Platform.system());
    }

    /**
     * Does it; takes some tenths of a second in a fresh process.
     *
     * @throws IOException when there is no loopback address to listen on
     * @throws VaultException when the server does not get to its answers in time
     */
    static void run(SecretReference reference) throws IOException {
        try (DryRun dryRun = new DryRun()) {
            Thread thread = new Thread(dryRun, "vault-load-ahead");
            thread.setDaemon(true);
            thread.start();
            VaultClient client = new VaultClient(dryRun.endpoint, dryRun, TIMEOUT);
            SecretReader reader =
                    new SecretReader(client, new Mounts(Platform.system().clock()));
            Reading.of(reader.read(reference, client.newDeadline()), 0, 1);
        }
    }

    @Override
    public VaultToken token(Deadline deadline) {
        return new AppRoleLogin(AppRoleOptions.of("nobody")).login(endpoint, deadline);
    }

    @Override
    public void reject(VaultToken token) {
        // It is nobody's.
    }

    /** Serves one connection, or two when the first is not kept. */
    @Override
    public void run() {
        try {
            while (true) {
                try (Socket socket = server.accept()) {
                    socket.setSoTimeout((int) TIMEOUT.toMillis());
                    BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
                    for (String line = in.readLine(); line != null; line = in.readLine()) {
                        answer(line, in, socket);
                    }
                }
            }
        } catch (IOException e) {
            // Closed, for all was asked.
        }
    }

    private static void answer(String request, BufferedReader in, Socket socket) throws IOException {
        int length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        for (int i = 0; i < length; i++) {
            in.read();
        }
        String body = request.contains("/auth/") ? TOKEN : SECRET;
        String head =
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        endpoint.closeConnections();
        server.close();
    }
}
