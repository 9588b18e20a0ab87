package io.github.vaultlambda.contract;

import io.github.vaultlambda.testkit.ServerTls;
import io.github.vaultlambda.testkit.StsEmulator;
import io.github.vaultlambda.testkit.TestCertificates;
import io.github.vaultlambda.testkit.TestCredentials;
import io.github.vaultlambda.testkit.TestSecrets;
import io.github.vaultlambda.testkit.VaultStandIn;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The testkit's Vault and STS, in this process. */
final class StandInEngine implements VaultEngine {
    private final Map<Door, URI> doors = new EnumMap<>(Door.class);
    private @Nullable StsEmulator sts;
    private @Nullable VaultStandIn vault;

    @Override
    public void start(TestCertificates authority) {
        sts = StsEmulator.start();
        vault = VaultStandIn.start();
        doors.put(Door.PLAIN, vault.address());
        doors.put(Door.TLS, vault.listen(ServerTls.with(authority.server()).askForClientCertificate()));
        doors.put(
                Door.CLIENT_CERTIFICATE,
                vault.listen(ServerTls.with(authority.server()).requireClientCertificate(authority)));
        doors.put(Door.OTHER_HOST, vault.listen(ServerTls.with(authority.wrongHostServer())));
        SecretsLedger.add(vault.rootToken());
        SecretsLedger.add(vault.unsealKey());
    }

    @Override
    public URI address(Door door) {
        return started(doors.get(door));
    }

    @Override
    public String thisHost() {
        return "127.0.0.1";
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

    /** Nobody: the stand-in is told of each instance. */
    @Override
    public String ec2EndpointForVault() {
        return sts().endpoint().toString();
    }

    @Override
    public AwsIdentity keyForVault() {
        return new AwsIdentity("AKIAQAAAAAAAAAAAAAAA", TestSecrets.mint("key-"), null);
    }

    @Override
    public String runInstance(String image) {
        String account = roleArn("instances").split(":", -1)[4];
        String id = "i-" + UUID.randomUUID().toString().replace("-", "").substring(0, 17);
        vault().knowsInstance(id, image, account, "us-east-1");
        return id;
    }

    @Override
    public DatabaseServer database() {
        return new StandInDatabase(vault());
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

    VaultStandIn vault() {
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
