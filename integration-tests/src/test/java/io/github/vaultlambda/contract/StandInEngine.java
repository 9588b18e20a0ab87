package io.github.vaultlambda.contract;

import io.github.vaultlambda.testkit.StsEmulator;
import io.github.vaultlambda.testkit.TestCredentials;
import io.github.vaultlambda.testkit.VaultStandIn;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The testkit's Vault and STS, in this process. */
final class StandInEngine implements VaultEngine {
    private @Nullable StsEmulator sts;
    private @Nullable VaultStandIn vault;

    @Override
    public void start() {
        sts = StsEmulator.start();
        vault = VaultStandIn.start();
        SecretsLedger.add(vault.rootToken());
        SecretsLedger.add(vault.unsealKey());
    }

    @Override
    public URI address() {
        return vault().address();
    }

    @Override
    public String rootToken() {
        return vault().rootToken();
    }

    @Override
    public String stsEndpointForVault() {
        return sts().endpoint().toString();
    }

    @Override
    public URI stsAddress() {
        return sts().endpoint();
    }

    @Override
    public String roleArn(String roleName) {
        return sts().createRole(roleName);
    }

    @Override
    public AwsIdentity sessionOf(String roleName) {
        TestCredentials session = sts().issueSession(roleArn(roleName));
        return new AwsIdentity(session.accessKeyId(), session.secretAccessKey(), session.sessionToken());
    }

    @Override
    public void seal() {
        vault().seal();
    }

    @Override
    public void unseal() {
        vault().unseal();
    }

    @Override
    public void close() {
        if (vault != null) {
            vault.close();
        }
        if (sts != null) {
            sts.close();
        }
    }

    private VaultStandIn vault() {
        return started(vault);
    }

    private StsEmulator sts() {
        return started(sts);
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("start() comes first");
        }
        return part;
    }
}
