package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.http.HttpTransport;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Credentials from the endpoint that a container's host offers: Lambda after the restore of a snapshot, ECS, EKS Pod Identity.
 * Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html">AWS SDKs: container
 *     credential provider</a>
 */
final class ContainerCredentials implements AwsCredentialsSource {
    static final String FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    static final String RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";

    private static final String OPERATION = "container credentials";
    private static final String TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
    private static final String TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
    private static final String ECS = "http://169.254.170.2";
    private static final Duration TIMEOUT_PER_TRY = Duration.ofSeconds(2);
    private static final int MAX_TRIES = 3;

    private final URI uri;
    private final @Nullable String token;
    private final @Nullable Path tokenFile;
    private final AwsExchange exchange;

    private ContainerCredentials(URI uri, @Nullable String token, @Nullable Path tokenFile, Platform platform) {
        this.uri = uri;
        this.token = token;
        this.tokenFile = tokenFile;
        this.exchange = new AwsExchange(
                toString(),
                "check that " + FULL + " or " + RELATIVE + " is what the host of the container set",
                TIMEOUT_PER_TRY,
                MAX_TRIES,
                "https".equalsIgnoreCase(uri.getScheme()) ? platform.transport() : platform.directTransport(),
                platform);
    }

    static boolean isConfigured(EnvironmentSettings settings) {
        return settings.text(RELATIVE) != null || settings.text(FULL) != null;
    }

    /** The endpoint that the variables name, whose credentials are kept; what is wrong becomes a fault of the settings. */
    static AwsCredentialsSource read(EnvironmentSettings settings, Platform platform) {
        String file = settings.text(TOKEN_FILE);
        Path tokenFile = null;
        if (file != null) {
            try {
                tokenFile = Path.of(file);
            } catch (InvalidPathException e) {
                settings.fault(TOKEN_FILE + " is \"" + file + "\", which is no path of a file");
            }
        }
        String token = file == null ? settings.text(TOKEN) : null;
        if (token != null && !isOneLine(token)) {
            settings.fault(TOKEN + " (value not shown) has a line break in it");
        }
        return new KeptCredentials(
                OPERATION, new ContainerCredentials(address(settings), token, tokenFile, platform), platform.clock());
    }

    private static URI address(EnvironmentSettings settings) {
        String relative = settings.text(RELATIVE);
        if (relative != null) {
            URI uri = relative.startsWith("/") ? uriOrNull(ECS + relative) : null;
            if (uri != null) {
                return uri;
            }
            settings.fault(RELATIVE + " (value not shown) is no path that begins with /");
            return URI.create(ECS);
        }
        String full = settings.text(FULL);
        URI uri = full == null ? null : uriOrNull(full);
        if (uri == null || uri.getHost() == null || uri.getRawUserInfo() != null) {
            settings.fault(FULL + " (value not shown) is no http or https address");
        } else if ("https".equalsIgnoreCase(uri.getScheme())) {
            return uri;
        } else if (!"http".equalsIgnoreCase(uri.getScheme())) {
            settings.fault(FULL + " (value not shown) is no http or https address");
        } else if (!isOfTheHost(uri.getHost())) {
            settings.fault(FULL + " names the host " + uri.getHost() + ", from which credentials are not taken without"
                    + " TLS: only from a loopback address, 169.254.170.2, 169.254.170.23 or [fd00:ec2::23]");
        } else {
            return uri;
        }
        return URI.create(ECS);
    }

    private static @Nullable URI uriOrNull(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** Whether a host is this machine, or the one that ECS and EKS put beside it: nobody can listen in between. */
    private static boolean isOfTheHost(String host) {
        return host.equals("localhost")
                || isLoopback(host)
                || host.equals("[::1]")
                || host.equals("[0:0:0:0:0:0:0:1]")
                || host.equals("169.254.170.2")
                || host.equals("169.254.170.23")
                || host.equals("[fd00:ec2::23]");
    }

    /** Four numbers of which the first is 127; a name such as 127.example.com is none. */
    private static boolean isLoopback(String host) {
        if (!host.startsWith("127.")) {
            return false;
        }
        int points = 0;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == '.') {
                points++;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        return points == 3;
    }

    @Override
    public AwsCredentials credentials(Deadline deadline) {
        String purpose = "No AWS credentials";
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json");
        String authorization = authorization();
        if (authorization != null) {
            headers.put("Authorization", authorization);
        }
        HttpTransport.Reply reply = exchange.send(purpose, OPERATION, "GET", uri, headers, null, deadline);
        if (reply.status() != 200) {
            throw HostAnswer.refused(
                    purpose,
                    toString(),
                    reply,
                    "check " + TOKEN + " or " + TOKEN_FILE + ", and that the function or task has a role");
        }
        return HostAnswer.credentials(toString(), reply);
    }

    /** The file is read each time: its content changes. */
    private @Nullable String authorization() {
        if (tokenFile == null) {
            return token;
        }
        String content;
        try {
            content = Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw VaultLoginException.withoutCredentials(
                    "No AWS credentials: " + tokenFile + " cannot be read ("
                            + e.getClass().getSimpleName() + ")",
                    "check " + TOKEN_FILE,
                    null);
        }
        if (!isOneLine(content)) {
            throw VaultLoginException.withoutCredentials(
                    "No AWS credentials: the token in " + tokenFile + " has a line break in it",
                    "check " + TOKEN_FILE,
                    null);
        }
        return content;
    }

    private static boolean isOneLine(String text) {
        return text.indexOf('\n') < 0 && text.indexOf('\r') < 0;
    }

    @Override
    public void forget() {
        exchange.forget();
    }

    /** The host alone: the path may be what guards the credentials. */
    @Override
    public String toString() {
        return "the container credentials endpoint at " + uri.getScheme() + "://" + uri.getRawAuthority();
    }
}
