package io.github.vaultlambda.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.testkit.InstanceMetadataEmulator;
import io.github.vaultlambda.testkit.StsEmulator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** An AWS auth method for EC2 instances, and instances for it: known to the engine's EC2, with metadata of their own. */
final class Ec2Desk implements AutoCloseable {
    static final String MOUNT = "ec2";
    static final String ROLE = "orders";
    static final String IMAGE = "ami-0abcdef1234567890";

    private final Bench bench;
    private final StsEmulator sts;
    private final String profile;
    private final List<InstanceMetadataEmulator> instances = new ArrayList<>();

    Ec2Desk(Bench bench) {
        this.bench = bench;
        // Vault asks EC2 about instances of its own account alone
        String account = bench.engine().roleArn(Bench.FUNCTION).split(":", -1)[4];
        this.sts = StsEmulator.builder().accountId(account).start();
        this.profile = sts.createRole("instance-role");
        AwsIdentity key = bench.engine().keyForVault();
        VaultAdmin admin = bench.admin();
        admin.enableAuth(MOUNT, "aws");
        admin.write(
                "auth/ec2/config/client",
                Map.of(
                        "endpoint", bench.engine().ec2EndpointForVault(),
                        "sts_endpoint", bench.engine().stsEndpointForVault(),
                        "sts_region", "us-east-1",
                        "access_key", key.keyId(),
                        "secret_key", key.secretKey()));
        admin.write(
                "auth/ec2/role/orders",
                Map.of(
                        "auth_type",
                        "ec2",
                        "bound_ami_id",
                        IMAGE,
                        "bound_region",
                        "us-east-1",
                        "token_policies",
                        Bench.POLICY,
                        "token_ttl",
                        3600));
    }

    /** A running instance whose certificates Vault knows. */
    InstanceMetadataEmulator start(String image) {
        InstanceMetadataEmulator instance = startUnknown(image);
        String name = instance.instanceId();
        certificate(name + "-identity", "identity", instance.rsaCertificatePem());
        certificate(name + "-pkcs7", "pkcs7", instance.pkcs7CertificatePem());
        return instance;
    }

    /** A running instance whose documents Vault cannot verify. */
    InstanceMetadataEmulator startUnknown(String image) {
        return metadata(image, bench.engine().runInstance(image));
    }

    /** An instance that EC2 does not know, with certificates that Vault does. */
    InstanceMetadataEmulator startBehindEc2(String id) {
        InstanceMetadataEmulator instance = metadata(IMAGE, id);
        certificate(id + "-identity", "identity", instance.rsaCertificatePem());
        certificate(id + "-pkcs7", "pkcs7", instance.pkcs7CertificatePem());
        return instance;
    }

    private InstanceMetadataEmulator metadata(String image, String id) {
        InstanceMetadataEmulator instance = InstanceMetadataEmulator.builder(sts, profile)
                .instanceId(id)
                .imageId(image)
                .start();
        instances.add(instance);
        return instance;
    }

    private void certificate(String name, String type, String pem) {
        bench.admin()
                .write(
                        "auth/ec2/config/certificate/" + name,
                        Map.of(
                                "type",
                                type,
                                "aws_public_cert",
                                Base64.getEncoder().encodeToString(pem.getBytes(UTF_8))));
    }

    @Override
    public void close() {
        instances.forEach(InstanceMetadataEmulator::close);
        sts.close();
    }
}
