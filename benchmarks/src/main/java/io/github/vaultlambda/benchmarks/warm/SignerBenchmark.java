package io.github.vaultlambda.benchmarks.warm;

import io.github.vaultlambda.auth.aws.AwsCredentials;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.benchmarks.vault.FakeVault;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.VaultConfig;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One login without a network, signed by us and by the AWS SDK; and the SDK's signature alone. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SignerBenchmark {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final AwsCredentials credentials = FakeVault.credentials();
    private final VaultConfig config = FakeVault.config();
    private final Platform platform = new FakeVault().platform();
    private final VaultEndpoint vault = new VaultEndpoint(config, platform);
    private final LoginMethod ours = FakeVault.login();
    private final SdkSignedRequest request = new SdkSignedRequest(credentials);
    private final LoginMethod sdks = new SdkSignedLogin(request);

    /** The library's login: sign, write JSON, read JSON. */
    @Benchmark
    public VaultToken login() {
        return ours.login(vault, vault.deadlineIn(TIMEOUT));
    }

    /** The same with the SDK's signer. */
    @Benchmark
    public VaultToken loginWithSdkSigner() {
        return sdks.login(vault, vault.deadlineIn(TIMEOUT));
    }

    /** Only the SDK's signature. */
    @Benchmark
    public Object sdkSignatureAlone() {
        return request.sign();
    }
}
