package io.github.vaultlambda.auth;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.TokenSource;
import io.github.vaultlambda.client.VaultClient;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.internal.SingleFlight;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfig;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A login to Vault that is made when it is first needed and again whenever its token has come to its end. The token is judged
 * when it is asked for, by wall clock, so that time in which Lambda froze the process counts; no timer runs. However many
 * threads ask, one login is made. Thread-safe.
 */
public final class VaultSession implements TokenSource {
    private static final Logger LOG = LoggerFactory.getLogger(VaultSession.class);

    private final VaultEndpoint endpoint;
    private final LoginMethod login;
    private final VaultConfig config;
    private final Platform platform;
    private final SingleFlight<String, VaultToken> flights = new SingleFlight<>();
    private final AtomicReference<@Nullable VaultToken> current = new AtomicReference<>();

    private VaultSession(VaultConfig config, LoginMethod login, Platform platform) {
        this.endpoint = new VaultEndpoint(config, platform);
        this.login = login;
        this.config = config;
        this.platform = platform;
    }

    /**
     * A session with the role of this function, configured by environment variables. Does not touch the network.
     *
     * @throws io.github.vaultlambda.config.VaultConfigException with every fault in one message
     */
    public static VaultSession fromEnvironment(Map<String, String> environment) {
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        VaultConfig config = VaultConfig.read(settings);
        AwsCredentialsSource credentials = EnvironmentCredentials.read(settings);
        settings.rejectFaults();
        return awsIam(config, credentials, Platform.system());
    }

    /** A session that logs in with AWS IAM; assumes {@link VaultConfig#assumedRoleArn()} first where there is one. */
    public static VaultSession awsIam(VaultConfig config, AwsCredentialsSource credentials, Platform platform) {
        String assumed = config.assumedRoleArn();
        AwsCredentialsSource signing = assumed == null
                ? credentials
                : new AssumedRoleCredentials(assumed, config.stsEndpoint(), config.stsAddress(), credentials, platform);
        return new VaultSession(config, new AwsIamLogin(config, signing, platform.clock()), platform);
    }

    /** A session with any login method. */
    public static VaultSession of(VaultConfig config, LoginMethod login, Platform platform) {
        return new VaultSession(config, login, platform);
    }

    /** A client whose requests carry this session's token. */
    public VaultClient client() {
        return new VaultClient(endpoint, this, config.requestTimeout());
    }

    /** What this session was made with. */
    public VaultConfig config() {
        return config;
    }

    /** Where this session's requests go. */
    public VaultEndpoint endpoint() {
        return endpoint;
    }

    /** What this session takes from its surroundings. */
    public Platform platform() {
        return platform;
    }

    @Override
    public VaultToken token(Deadline deadline) {
        VaultToken token = usable();
        return token != null ? token : flights.run("auth/login", deadline, new LogIn(deadline));
    }

    @Override
    public void reject(VaultToken token) {
        if (current.compareAndSet(token, null)) {
            LOG.info("The token with accessor {} is dropped; the next request logs in anew", token.accessor());
        }
    }

    /** One login. A class and not a lambda: the first lambda of a process costs a cold start some 8 ms. */
    private final class LogIn implements Supplier<VaultToken> {
        private final Deadline deadline;

        LogIn(Deadline deadline) {
            this.deadline = deadline;
        }

        @Override
        public VaultToken get() {
            VaultToken token = usable(); // another thread may have been quicker
            if (token == null) {
                long start = System.nanoTime();
                token = login.login(endpoint, deadline);
                current.set(token);
                LOG.info(
                        "Logged in to Vault at {} as {}: token with accessor {} for {} s, {} ms",
                        endpoint.address(),
                        login.describe(),
                        token.accessor(),
                        token.ttl().toSeconds(),
                        (System.nanoTime() - start) / 1_000_000);
            }
            return token;
        }
    }

    private @Nullable VaultToken usable() {
        VaultToken token = current.get();
        return token != null && token.isUsableAt(platform.clock().instant(), config.tokenGrace()) ? token : null;
    }
}
