package io.github.vaultlambda.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.http.HttpTransport;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts what goes over the network, whatever the engine, and writes the secrets that come back into the ledger. Thread-safe. */
final class WatchedTransport implements HttpTransport {
    private static final Pattern SECRETS = Pattern.compile("\"client_token\":\\s*\"([^\"]+)\""
            + "|\"(?:secret_id|token)\":\\s*\"([^\"]+)\""
            + "|<SecretAccessKey>([^<]+)</SecretAccessKey>"
            + "|<SessionToken>([^<]+)</SessionToken>");

    private final HttpTransport transport;
    private final List<URI> sent = new CopyOnWriteArrayList<>();
    private final List<String> loginBodies = new CopyOnWriteArrayList<>();
    private final List<String> forms = new CopyOnWriteArrayList<>();

    WatchedTransport(HttpTransport transport) {
        this.transport = transport;
    }

    @Override
    public Reply send(Call call) throws IOException {
        sent.add(call.uri());
        byte[] body = call.body();
        if (body != null) {
            String text = new String(body, UTF_8);
            if (isLogin(call.uri())) {
                loginBodies.add(text);
            } else {
                forms.add(text);
            }
        }
        Reply reply = transport.send(call);
        Matcher secrets = SECRETS.matcher(new String(reply.body(), UTF_8));
        while (secrets.find()) {
            for (int group = 1; group <= secrets.groupCount(); group++) {
                String secret = secrets.group(group);
                if (secret != null) {
                    SecretsLedger.add(secret.strip());
                }
            }
        }
        return reply;
    }

    private static boolean isLogin(URI uri) {
        return uri.getPath().endsWith("/login") || uri.getPath().contains("/login/");
    }

    /** How many logins were sent. */
    int logins() {
        return (int) sent.stream().filter(WatchedTransport::isLogin).count();
    }

    /** How many requests went to paths that end like this. */
    int count(String pathEnd) {
        return (int)
                sent.stream().filter(uri -> uri.getPath().endsWith(pathEnd)).count();
    }

    /** How often a role was assumed. */
    int assumedRoles() {
        return (int) forms.stream()
                .filter(form -> form.contains("Action=AssumeRole"))
                .count();
    }

    /** The body of the last login. */
    String lastLoginBody() {
        return loginBodies.get(loginBodies.size() - 1);
    }
}
