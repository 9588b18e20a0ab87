package io.github.vaultlambda.benchmarks;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a handler pays in each invocation when the secret is fresh: nothing goes to Vault. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WarmReadBenchmark {
    private final Platform platform = new FakeVault().platform();
    private final VaultSession session = VaultSession.of(FakeVault.config(), FakeVault.login(), platform);
    private final Secret<String> field =
            VaultSecrets.builder(session).options(FakeVault.freshness()).build().secret(FakeVault.PATH + "#password");
    private final Deadline deadline = Deadline.after(platform.clock(), Duration.ofDays(1));

    /** A field that was read before. */
    @Benchmark
    public String secret() {
        return field.get();
    }

    /** The session's token, which was fetched before. */
    @Benchmark
    public VaultToken token() {
        return session.token(deadline);
    }

    /** The wall clock alone: the floor of both, because freshness is judged at each use. */
    @Benchmark
    public long clock() {
        return platform.clock().millis();
    }
}
