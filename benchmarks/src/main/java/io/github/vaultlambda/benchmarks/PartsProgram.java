package io.github.vaultlambda.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.aws.AwsCredentials;
import io.github.vaultlambda.auth.aws.AwsCredentialsSource;
import io.github.vaultlambda.auth.aws.AwsIamLogin;
import io.github.vaultlambda.auth.aws.AwsIamOptions;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uses the library's parts one after the other, so that each can be timed. Classes that several parts need count for the first
 * of them. Each part is a class of its own, because the loading of that class tells in the JVM's log where the part begins.
 */
final class PartsProgram {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private PartsProgram() {}

    /** Prints the nanoseconds of each part, then the hash of the value that was read. */
    public static void main(String[] arguments) throws Exception {
        long start = System.nanoTime();
        Jars.run();
        long jars = System.nanoTime();
        Logger log = Provider.run();
        long provider = System.nanoTime();
        Line.run(log);
        long line = System.nanoTime();
        VaultSession session = Configuration.run();
        long configuration = System.nanoTime();
        Json.run();
        long json = System.nanoTime();
        Signing.run(session);
        long signing = System.nanoTime();
        Connection.run(session);
        long connection = System.nanoTime();
        Login.run(session);
        long login = System.nanoTime();
        String value = Store.run(session);
        long store = System.nanoTime();
        System.out.println((jars - start) + " " + (provider - jars) + " " + (line - provider) + " "
                + (configuration - line) + " " + (json - configuration) + " " + (signing - json) + " "
                + (connection - signing) + " " + (login - connection) + " " + (store - login) + " " + value.hashCode());
    }

    /** Asks for a class that is in none, so that the class loader opens them all. */
    private static final class Jars {
        static void run() {
            try {
                Class.forName("io.github.vaultlambda.Missing");
                throw new IllegalStateException("there is such a class");
            } catch (ClassNotFoundException expected) {
                // as it should be
            }
        }
    }

    private static final class Provider {
        static Logger run() {
            return LoggerFactory.getLogger(PartsProgram.class);
        }
    }

    private static final class Line {
        static void run(Logger log) {
            log.info("{} of {}", "first line", "this program");
        }
    }

    private static final class Configuration {
        static VaultSession run() {
            return VaultSession.fromEnvironment(System.getenv());
        }
    }

    private static final class Json {
        static void run() throws IOException {
            SecretValue.of(Map.of("role", SecretValue.of("orders"))).revealJson();
            SecretValue.parse("{\"lease_duration\":0,\"renewable\":false,\"data\":{\"user\":\"orders\"},\"auth\":null}"
                    .getBytes(UTF_8));
        }
    }

    /** A login whose request goes nowhere. */
    private static final class Signing implements HttpTransport {
        static void run(VaultSession session) {
            Platform platform = Platform.system().withTransport(new Signing());
            VaultEndpoint nowhere = new VaultEndpoint(session.config(), platform);
            AwsCredentials credentials = AwsCredentials.of(
                    System.getenv("AWS_ACCESS_KEY_ID"),
                    System.getenv("AWS_SECRET_ACCESS_KEY"),
                    System.getenv("AWS_SESSION_TOKEN"));
            VaultToken token = new AwsIamLogin(AwsIamOptions.of("orders"), new Given(credentials), platform.clock())
                    .login(nowhere, nowhere.deadlineIn(TIMEOUT));
            if (token.ttl().isZero()) {
                throw new IllegalStateException("no login");
            }
        }

        @Override
        public Reply send(Call call) {
            return new Reply(
                    200,
                    "{\"auth\":{\"client_token\":\"none\",\"accessor\":\"none\",\"lease_duration\":60,\"renewable\":true}}"
                            .getBytes(UTF_8));
        }
    }

    /** A class and not a lambda: the library itself has none on its way, and the first one costs milliseconds. */
    private static final class Given implements AwsCredentialsSource {
        private final AwsCredentials credentials;

        Given(AwsCredentials credentials) {
            this.credentials = credentials;
        }

        @Override
        public AwsCredentials credentials(Deadline deadline) {
            return credentials;
        }
    }

    private static final class Connection {
        static void run(VaultSession session) {
            VaultEndpoint vault = session.endpoint();
            vault.send(VaultRequest.get("sys/seal-status"), null, vault.deadlineIn(TIMEOUT));
        }
    }

    private static final class Login {
        static void run(VaultSession session) {
            session.token(session.endpoint().deadlineIn(TIMEOUT));
        }
    }

    private static final class Store {
        static String run(VaultSession session) {
            return VaultSecrets.of(session)
                    .secret("secret/data/orders/db#password")
                    .get();
        }
    }
}
