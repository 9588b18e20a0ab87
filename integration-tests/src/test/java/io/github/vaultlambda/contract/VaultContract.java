package io.github.vaultlambda.contract;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The contract suite: every contract, on one engine that is started once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class VaultContract
        implements LoginContract,
                AppRoleContract,
                UserpassContract,
                JwtContract,
                KubernetesContract,
                CertificateContract,
                Ec2Contract,
                TlsContract,
                ReadContract,
                TokenLifeContract,
                RenewalContract,
                OutageContract,
                RawAnswersContract,
                MethodAnswersContract,
                EngineAnswersContract,
                LeaseContract,
                SecretContract,
                DynamicSecretContract {
    private @Nullable Bench bench;

    /** A new engine, not started. */
    abstract VaultEngine newEngine();

    /** Long enough for images to be fetched. */
    @BeforeAll
    @Timeout(value = 45, unit = TimeUnit.MINUTES)
    void start() {
        bench = Bench.start(newEngine());
    }

    @AfterAll
    void stop() {
        if (bench != null) {
            bench.close();
        }
    }

    @Override
    public Bench bench() {
        if (bench == null) {
            throw new IllegalStateException("the engine is not started");
        }
        return bench;
    }
}
