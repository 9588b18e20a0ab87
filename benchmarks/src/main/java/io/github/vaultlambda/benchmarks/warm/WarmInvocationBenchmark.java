package io.github.vaultlambda.benchmarks.warm;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.benchmarks.vault.FakeVault;
import io.github.vaultlambda.handler.VaultHandler;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** What the generated wrapper, or a decorator, adds to an invocation when all secrets are fresh. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WarmInvocationBenchmark {
    private final VaultSecrets vault = VaultSecrets.builder(
                    VaultSession.of(FakeVault.config(), FakeVault.login(), new FakeVault().platform()))
            .options(FakeVault.freshness())
            .build();
    private final RequestHandler<String, String> wrapped = new TenSecretsWithVault(vault);
    private final RequestHandler<String, String> bare = new TenSecrets();
    private final RequestHandler<String, String> decorated = decorated();

    /** A handler that reads one of the ten secrets that its decorator was given. */
    private RequestHandler<String, String> decorated() {
        Secret<String> used = vault.secret(FakeVault.PATH + "#password");
        Secret<?>[] secrets = new Secret<?>[10];
        Arrays.setAll(secrets, i -> i == 0 ? used : vault.secret(FakeVault.PATH + i + "#password"));
        return VaultHandler.of(vault).secrets(secrets).wrap((String event, Context context) -> used.get());
    }

    /** With ten secrets in fields. */
    @Benchmark
    @SuppressWarnings("NullAway") // the invocation has no context, so no limit of time
    public String tenSecrets() {
        return wrapped.handleRequest("event", null);
    }

    /** The same handler, called by two threads at once. */
    @Benchmark
    @Threads(2)
    @SuppressWarnings("NullAway")
    public String tenSecretsByTwoThreads() {
        return wrapped.handleRequest("event", null);
    }

    /** With ten secrets that a decorator was given. */
    @Benchmark
    @SuppressWarnings("NullAway")
    public String tenSecretsDecorated() {
        return decorated.handleRequest("event", null);
    }

    /** The handler without its wrapper. */
    @Benchmark
    @SuppressWarnings("NullAway")
    public String bare() {
        return bare.handleRequest("event", null);
    }
}
