package io.github.vaultlambda.benchmarks.fleet;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.login.LoginExchange;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.RetryBudget;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.SecretOptions;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;

/**
 * A function that uses the library: the real session and secrets, with their defaults. What they do in the background is done by the
 * environment itself when the invocation is over, so that it never runs beside another invocation.
 */
final class LibraryEnvironment implements Environment {
    private static final VaultConfig CONFIG = VaultConfig.builder()
            .address(URI.create("http://vault.example.com:8200"))
            .build();
    private static final LoginMethod LOGIN = new ModelLogin();
    private static final Platform SYSTEM = Platform.system();

    private final Queue<Runnable> background = new ArrayDeque<>();
    private final Secret<String> secret;

    LibraryEnvironment(VirtualTime time, VaultModel vault, SecretOptions options, long seed) {
        Platform platform = SYSTEM.withClock(time)
                .withRandom(new SplittableRandom(seed))
                .withSleeper(time::pause)
                .withTransport(new ModelTransport(vault))
                .withRetryBudget(new RetryBudget());
        VaultSecrets secrets = VaultSecrets.builder(VaultSession.of(CONFIG, LOGIN, platform))
                .executor(background::add)
                .options(options)
                .build();
        this.secret = secrets.secret("secret/data/orders/db#version");
    }

    @Override
    public int invoke() {
        try {
            return Integer.parseInt(secret.get());
        } catch (VaultException e) {
            return FAILED;
        }
    }

    @Override
    public void afterwards() {
        for (Runnable task = background.poll(); task != null; task = background.poll()) {
            task.run();
        }
    }

    /** As the AWS login, but without a signature, which would only cost the simulation time. */
    private static final class ModelLogin implements LoginMethod {
        @Override
        public VaultToken login(VaultEndpoint vault, Deadline deadline) {
            VaultRequest request = VaultRequest.repeatablePut("auth/aws/login", SecretValue.of(Map.of()));
            return LoginExchange.send(vault, request, deadline);
        }

        @Override
        public String describe() {
            return "a simulated role";
        }
    }
}
