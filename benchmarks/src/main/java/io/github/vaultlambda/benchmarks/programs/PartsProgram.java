package io.github.vaultlambda.benchmarks.programs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.aws.AwsCredentials;
import io.github.vaultlambda.auth.aws.AwsCredentialsSource;
import io.github.vaultlambda.auth.aws.AwsIamLogin;
import io.github.vaultlambda.auth.aws.AwsIamOptions;
import io.github.vaultlambda.benchmarks.vault.LocalVault;
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
public final class PartsProgram {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String SECRET = "secret/data/orders/db";

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
        VaultSecrets vault = Store.open(session);
        String value = Store.run(vault);
        long store = System.nanoTime();
        Typed.run(vault);
        long typed = System.nanoTime();
        Bean.run(vault);
        long bean = System.nanoTime();
        readAllBut(vault, 1);
        long few = System.nanoTime();
        Many.run(vault);
        long many = System.nanoTime();
        System.out.println((jars - start) + " " + (provider - jars) + " " + (line - provider) + " "
                + (configuration - line) + " " + (json - configuration) + " " + (signing - json) + " "
                + (connection - signing) + " " + (login - connection) + " " + (store - login) + " " + (typed - store)
                + " " + (bean - typed) + " "
                + (many - few) + " " + value.hashCode());
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
        static VaultSecrets open(VaultSession session) {
            return VaultSecrets.of(session);
        }

        static String run(VaultSecrets vault) {
            return vault.secret(SECRET + "#password").get();
        }
    }

    /** The same reading in another type: no request. */
    private static final class Typed {
        record Account(String user, String password) {}

        static void run(VaultSecrets vault) {
            check(vault.secret(SECRET, Account.class).get().password());
        }
    }

    /** What Jackson fills, as plain as it may be. */
    @SuppressWarnings({"EffectivelyPrivate", "unused"}) // Jackson sets both
    private static final class Bean {
        public String user = "";

        public String password = "";

        static void run(VaultSecrets vault) {
            check(vault.secret(SECRET, Bean.class).get().password);
        }
    }

    private static void readAllBut(VaultSecrets vault, int rest) {
        for (int i = 0; i < LocalVault.MANY - rest; i++) {
            password(vault, i);
        }
    }

    private static void password(VaultSecrets vault, int number) {
        check(vault.secret(SECRET + number + "#password").get());
    }

    private static final class Many {
        static void run(VaultSecrets vault) {
            password(vault, LocalVault.MANY - 1);
        }
    }

    private static void check(String value) {
        if (value.isEmpty()) {
            throw new IllegalStateException("nothing was read");
        }
    }
}
