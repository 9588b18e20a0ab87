package io.github.vaultlambda.benchmarks.warm;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.benchmarks.vault.FakeVault;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;
import io.github.vaultlambda.secrets.metrics.SecretMetrics;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** What a handler pays in each invocation when the secret is fresh: nothing goes to Vault. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WarmReadBenchmark {
    private final Platform platform = new FakeVault().platform();
    private final VaultSession session = VaultSession.of(FakeVault.config(), FakeVault.login(), platform);
    private final VaultSecrets vault =
            VaultSecrets.builder(session).options(FakeVault.freshness()).build();
    private final Secret<String> field = vault.secret(FakeVault.PATH + "#password");
    private final Secret<Login> login = vault.secret(FakeVault.PATH, Login.class);
    private final Secret<String> counted = VaultSecrets.builder(session)
            .options(FakeVault.freshness())
            .listener(new SecretMetrics())
            .build()
            .secret(FakeVault.PATH + "#password");
    private final Deadline deadline = Deadline.after(platform.clock(), Duration.ofDays(1));

    /** A secret as its user sees it. */
    public record Login(String user, String password) {}

    /** A field that was read before. */
    @Benchmark
    public String secret() {
        return field.get();
    }

    /** The same secret, asked by two threads at once. */
    @Benchmark
    @Threads(2)
    public String secretByTwoThreads() {
        return field.get();
    }

    /** A record that was read before. */
    @Benchmark
    public Login record() {
        return login.get();
    }

    /** A field that was read before, while uses are counted. */
    @Benchmark
    public String countedSecret() {
        return counted.get();
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
