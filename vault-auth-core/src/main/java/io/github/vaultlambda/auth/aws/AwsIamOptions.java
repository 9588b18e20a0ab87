package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.auth.login.LoginMount;
import io.github.vaultlambda.config.EnvironmentSettings;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to log in with Vault's AWS auth method, type {@code iam}. Immutable and thread-safe; each {@code with…} method gives a
 * changed copy.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/auth/aws#iam-auth-method">Vault: AWS IAM auth method</a>
 */
public final class AwsIamOptions {
    private static final String DEFAULT_MOUNT = "aws";

    private final String role;
    private final String mount;
    private final @Nullable String iamServerId;
    private final StsEndpoint stsEndpoint;

    private AwsIamOptions(String role, String mount, @Nullable String iamServerId, StsEndpoint stsEndpoint) {
        this.role = Objects.requireNonNull(role, "role");
        this.mount = mount;
        this.iamServerId = iamServerId;
        this.stsEndpoint = Objects.requireNonNull(stsEndpoint, "stsEndpoint");
    }

    /** A login as this role at the mount {@code aws}, signed for the global STS host, without a server id. */
    public static AwsIamOptions of(String role) {
        return new AwsIamOptions(role, DEFAULT_MOUNT, null, StsEndpoint.global());
    }

    /**
     * Reads {@code VAULT_AUTH_PROVIDER} (the mount), {@code VAULT_AUTH_ROLE}, {@code VAULT_IAM_SERVER_ID} and the variables of
     * {@link StsEndpoint}; mount and role are required, as HashiCorp's extension has it.
     */
    public static AwsIamOptions read(EnvironmentSettings settings) {
        String mount =
                LoginMount.readRequired(settings, "set it to the path of the AWS auth method in Vault, usually aws");
        String role =
                settings.requiredText("VAULT_AUTH_ROLE", "set it to the role of the AWS auth method to log in as");
        return new AwsIamOptions(role, mount, settings.text("VAULT_IAM_SERVER_ID"), StsEndpoint.read(settings));
    }

    /** This at another mount: the path of the auth method after {@code auth/}, which may be nested. */
    public AwsIamOptions withMount(String path) {
        return new AwsIamOptions(role, LoginMount.tidy(path), iamServerId, stsEndpoint);
    }

    /** This with a value for the signed header {@code X-Vault-AWS-IAM-Server-ID}, or null to send none. */
    public AwsIamOptions withIamServerId(@Nullable String id) {
        return new AwsIamOptions(role, mount, id, stsEndpoint);
    }

    /** This with another STS host and region to sign for; must be what {@code sts_endpoint} of the mount says. */
    public AwsIamOptions withStsEndpoint(StsEndpoint endpoint) {
        return new AwsIamOptions(role, mount, iamServerId, endpoint);
    }

    /** The role of the auth method to log in as. */
    public String role() {
        return role;
    }

    /** The path of the auth method after {@code auth/}, without slashes at its ends. */
    public String mount() {
        return mount;
    }

    /** The value of the signed header {@code X-Vault-AWS-IAM-Server-ID}, or null to send none. */
    public @Nullable String iamServerId() {
        return iamServerId;
    }

    /** The STS host and region that a login is signed for. */
    public StsEndpoint stsEndpoint() {
        return stsEndpoint;
    }

    /** Role, mount and STS host; the server id is no secret, but not needed in a log. */
    @Override
    public String toString() {
        return "role " + role + " at auth/" + mount + " (AWS IAM, signed for " + stsEndpoint.host() + " in "
                + stsEndpoint.signingRegion() + ")";
    }
}
