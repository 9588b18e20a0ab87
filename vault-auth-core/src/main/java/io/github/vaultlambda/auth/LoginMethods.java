package io.github.vaultlambda.auth;

import io.github.vaultlambda.auth.aws.AssumedRoleCredentials;
import io.github.vaultlambda.auth.aws.AwsCredentialsSource;
import io.github.vaultlambda.auth.aws.AwsEc2Login;
import io.github.vaultlambda.auth.aws.AwsIamLogin;
import io.github.vaultlambda.auth.aws.AwsIamOptions;
import io.github.vaultlambda.auth.aws.DefaultCredentials;
import io.github.vaultlambda.auth.aws.SigningAhead;
import io.github.vaultlambda.auth.login.AppRoleLogin;
import io.github.vaultlambda.auth.login.AppRoleOptions;
import io.github.vaultlambda.auth.login.CertificateLogin;
import io.github.vaultlambda.auth.login.CertificateOptions;
import io.github.vaultlambda.auth.login.KubernetesLogin;
import io.github.vaultlambda.auth.login.KubernetesOptions;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.auth.login.SecretSource;
import io.github.vaultlambda.auth.login.TokenLogin;
import io.github.vaultlambda.auth.login.TokenOptions;
import io.github.vaultlambda.auth.login.UserpassLogin;
import io.github.vaultlambda.auth.login.UserpassOptions;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfig;
import java.util.Locale;

/** Chooses the login method that the environment asks for. The classes of the others are not loaded. */
public final class LoginMethods {
    private static final String METHOD = "VAULT_AUTH_METHOD";

    private LoginMethods() {}

    /**
     * Reads the login method that {@code VAULT_AUTH_METHOD} names: {@code aws} (the default), {@code aws-ec2}, {@code jwt}, {@code kubernetes},
     * {@code approle}, {@code cert}, {@code userpass}, {@code token}, or the name of a {@link
     * io.github.vaultlambda.auth.login.LoginProvider}. Without it a {@code VAULT_TOKEN} is taken when neither {@code
     * VAULT_AUTH_PROVIDER} nor {@code VAULT_AUTH_ROLE} is set. What is wrong or missing becomes a fault of the settings, and the
     * result must not be used then.
     */
    public static LoginMethod read(EnvironmentSettings settings, Platform platform) {
        String name = settings.text(METHOD);
        if (name == null) {
            return isTokenAlone(settings) ? token(settings) : awsIam(settings, platform);
        }
        String method = name.toLowerCase(Locale.ROOT);
        return switch (method) {
            case "aws", "aws-iam" -> awsIam(settings, platform);
            case "aws-ec2" -> awsEc2(settings, platform);
            case "jwt" -> ChosenJwt.read(settings, platform);
            case "kubernetes" -> kubernetes(settings);
            case "approle" -> appRole(settings);
            case "cert" -> certificate(settings);
            case "userpass" -> userpass(settings);
            case "token" -> token(settings);
            default -> provided(method, settings, platform);
        };
    }

    /**
     * Begins, in the background, what the first login of this method needs and what does not depend on its settings; to be called
     * before anything else is read. Touches no network.
     */
    public static void prepare(EnvironmentSettings settings) {
        if (settings.text(METHOD) == null && !isTokenAlone(settings) && !isEncrypted(settings)) {
            SigningAhead.begin();
        }
    }

    /** Then the login is signed while the TLS handshake is made, which takes longer. */
    private static boolean isEncrypted(EnvironmentSettings settings) {
        String address = settings.text(VaultConfig.addressVariable(settings));
        return address != null && address.startsWith("https:");
    }

    private static boolean isTokenAlone(EnvironmentSettings settings) {
        return settings.text("VAULT_TOKEN") != null
                && settings.text("VAULT_AUTH_PROVIDER") == null
                && settings.text("VAULT_AUTH_ROLE") == null;
    }

    // Each in a method of its own, as the verifier may load what one method holds together.

    /** What belongs to another login says which one was meant. */
    private static void missAnotherMethod(EnvironmentSettings settings) {
        if (settings.text(METHOD) != null
                || (settings.text("VAULT_AUTH_PROVIDER") != null && settings.text("VAULT_AUTH_ROLE") != null)) {
            return;
        }
        String[] variablesAndMethods = {
            "VAULT_TOKEN_FILE", "token",
            "VAULT_APPROLE_ROLE_ID", "approle",
            "VAULT_AUTH_JWT", "jwt",
            "VAULT_AUTH_JWT_FILE", "jwt",
            "VAULT_AUTH_JWT_AUDIENCE", "jwt",
            "VAULT_AUTH_USERNAME", "userpass",
            "VAULT_KUBERNETES_TOKEN_FILE", "kubernetes",
        };
        for (int i = 0; i < variablesAndMethods.length; i += 2) {
            if (settings.text(variablesAndMethods[i]) != null) {
                settings.fault(variablesAndMethods[i] + " is set, but " + METHOD + " is not: set it to "
                        + variablesAndMethods[i + 1] + " if that login is meant, for without it AWS IAM is");
                return;
            }
        }
    }

    private static LoginMethod awsIam(EnvironmentSettings settings, Platform platform) {
        missAnotherMethod(settings);
        AwsIamOptions options = AwsIamOptions.read(settings);
        AwsCredentialsSource own = DefaultCredentials.read(settings, platform);
        return new AwsIamLogin(
                options, AssumedRoleCredentials.read(settings, options.stsEndpoint(), own, platform), platform.clock());
    }

    private static LoginMethod awsEc2(EnvironmentSettings settings, Platform platform) {
        return AwsEc2Login.read(settings, platform);
    }

    private static LoginMethod kubernetes(EnvironmentSettings settings) {
        return new KubernetesLogin(KubernetesOptions.read(settings));
    }

    private static LoginMethod appRole(EnvironmentSettings settings) {
        return new AppRoleLogin(AppRoleOptions.read(settings));
    }

    private static LoginMethod certificate(EnvironmentSettings settings) {
        return new CertificateLogin(CertificateOptions.read(settings));
    }

    private static LoginMethod userpass(EnvironmentSettings settings) {
        return new UserpassLogin(UserpassOptions.read(settings));
    }

    private static LoginMethod token(EnvironmentSettings settings) {
        return new TokenLogin(TokenOptions.read(settings));
    }

    private static LoginMethod provided(String method, EnvironmentSettings settings, Platform platform) {
        LoginMethod login = ProvidedLogin.read(method, settings, platform);
        // Without one there is a fault, so that what stands in for it is not used.
        return login == null ? new TokenLogin(TokenOptions.of(SecretSource.of(SecretValue.of("")))) : login;
    }
}
