package io.github.vaultlambda.benchmarks;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** What the generated wrapper adds to an invocation when all secrets are fresh. */
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

    /** The handler without its wrapper. */
    @Benchmark
    @SuppressWarnings("NullAway")
    public String bare() {
        return bare.handleRequest("event", null);
    }
}
