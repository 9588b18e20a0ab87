package io.github.vaultlambda.contract;

import java.net.URI;

/**
 * A Vault with an STS beside it. Starts bare: no mounts, no roles, no secrets; {@link VaultAdmin} sets both engines up in the
 * same way. Every secret that an engine hands out goes into the {@link SecretsLedger} first.
 */
interface VaultEngine extends AutoCloseable {
    /** Starts everything; the answers of the other methods are there afterwards. */
    void start();

    /** Vault's address. */
    URI address();

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

    /** Seals Vault; no effect when it is sealed. */
    void seal();

    /** Unseals Vault and waits until it answers again; no effect when it is not sealed. */
    void unseal();

    /** Stops everything. */
    @Override
    void close();
}
