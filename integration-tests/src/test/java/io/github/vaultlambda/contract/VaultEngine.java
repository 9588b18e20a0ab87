package io.github.vaultlambda.contract;

import io.github.vaultlambda.testkit.TestCertificates;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A Vault with an STS beside it. Starts bare: no mounts, no roles, no secrets; {@link VaultAdmin} sets both engines up in the
 * same way. Every secret that an engine hands out goes into the {@link SecretsLedger} first.
 */
interface VaultEngine extends AutoCloseable {
    /** The addresses at which the same Vault answers. */
    enum Door {
        /** Plain HTTP. */
        PLAIN,
        /** TLS with a certificate for the loopback names; asks clients for one and takes any, as Vault does by default. */
        TLS,
        /** TLS; a client without a certificate of the authority does not get through the handshake. */
        CLIENT_CERTIFICATE,
        /** TLS with a certificate of the authority for another host. */
        OTHER_HOST
    }

    /**
     * Starts everything; the answers of the other methods are there afterwards.
     *
     * @param authority issues the certificates of the doors, and those of clients that {@link Door#CLIENT_CERTIFICATE} lets in
     */
    void start(TestCertificates authority);

    /** Vault's address for plain HTTP. */
    default URI address() {
        return address(Door.PLAIN);
    }

    /** Vault's address at this door; a TLS door says {@code https}. */
    URI address(Door door);

    /** The address of this machine at which Vault can reach a server of a test, or null when it can reach none. */
    @Nullable
    String thisHost();

    /** A token that may do everything. */
    String rootToken();

    /** The address of STS as Vault's auth method is to be configured with it. */
    String stsEndpointForVault();

    /** The address of STS as our own code reaches it. */
    URI stsAddress();

    /** The ARN of an IAM role with this name; makes the role when it is new. */
    String roleArn(String roleName);

    /** New credentials of a session of the role, as Lambda gives them to a function. */
    AwsIdentity sessionOf(String roleName);

    /** The address of EC2 as Vault's auth method is to be configured with it. */
    String ec2EndpointForVault();

    /** A key of an IAM user, without session token, for Vault to ask EC2 with. */
    AwsIdentity keyForVault();

    /** Starts an EC2 instance from this image, in us-east-1 and in the account of the roles, and gives its id. */
    String runInstance(String image);

    /** The database in which Vault's database engine makes users. */
    DatabaseServer database();

    /** Seals Vault; no effect when it is sealed. */
    void seal();

    /** Unseals Vault and waits until it answers again; no effect when it is not sealed. */
    void unseal();

    /** Stops everything. */
    @Override
    void close();
}
