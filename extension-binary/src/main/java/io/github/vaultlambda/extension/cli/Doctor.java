package io.github.vaultlambda.extension.cli;

import io.github.vaultlambda.auth.LoginMethods;
import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.aws.AwsCredentials;
import io.github.vaultlambda.auth.aws.AwsCredentialsSource;
import io.github.vaultlambda.auth.aws.AwsIamLogin;
import io.github.vaultlambda.auth.aws.DefaultCredentials;
import io.github.vaultlambda.auth.aws.StsEndpoint;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.extension.log.OneLine;
import io.github.vaultlambda.extension.proxy.ProxySettings;
import io.github.vaultlambda.extension.settings.LifeSettings;
import io.github.vaultlambda.extension.settings.VaultAccess;
import io.github.vaultlambda.secrets.SecretOptions;
import io.github.vaultlambda.secrets.SecretReference;
import io.github.vaultlambda.secrets.files.SecretFile;
import io.github.vaultlambda.secrets.files.SecretFileSettings;
import io.github.vaultlambda.secrets.variables.SecretVariables;
import io.github.vaultlambda.secrets.variables.SecretVariablesException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks at everything between the variables and a secret. What cannot be looked at is skipped; the rest goes on. */
final class Doctor {
    private static final String CONFIGURATION = "configuration";
    private static final String CREDENTIALS = "aws credentials";
    private static final String STS = "sts";
    private static final String LOGIN = "login";
    private static final String TOKEN = "token";
    /** Shorter than it takes to look into a log. */
    private static final Duration SHORT_LIFE = Duration.ofMinutes(1);

    private static final Duration AWS_TIMEOUT = Duration.ofSeconds(5);

    private final Surroundings surroundings;
    private final List<Finding> findings = new ArrayList<>();

    Doctor(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Everything, in the order in which it was looked at. */
    List<Finding> examine() {
        List<SecretFile> files = configuration();
        Map<String, List<SecretReference>> variables = variables();
        Platform platform = Platform.forEnvironment(surroundings.settings());
        @Nullable LoginMethod login = login(platform);
        if (login instanceof AwsIamLogin) {
            credentials(platform);
            sts();
        }
        @Nullable VaultConfig vault = vault();
        boolean reachable = vault != null && VaultExamination.run(surroundings, platform, findings);
        if (vault != null && login != null && reachable) {
            session(new VaultAccess(platform, vault, login, SecretOptions.defaults(), false), files, variables);
        } else {
            findings.add(Finding.skipped(LOGIN, "what it needs has failed"));
        }
        for (SecretFile file : files) {
            findings.add(FileExamination.of(file));
        }
        return findings;
    }

    /** Everything that the variables say; the secret files. */
    private List<SecretFile> configuration() {
        EnvironmentSettings settings = surroundings.settings();
        VaultAccess access = VaultAccess.read(settings);
        List<SecretFile> files = SecretFileSettings.read(settings, access.secrets());
        ProxySettings.read(settings);
        LifeSettings.read(settings);
        List<String> faults = faultsOf(settings);
        for (String fault : faults) {
            findings.add(Finding.failed(CONFIGURATION, fault, null, ExitCode.CONFIGURATION));
        }
        if (faults.isEmpty()) {
            findings.add(Finding.ok(CONFIGURATION, "no variable is missing or malformed"));
        }
        return files;
    }

    private static List<String> faultsOf(EnvironmentSettings settings) {
        try {
            settings.rejectFaults();
            return List.of();
        } catch (VaultConfigException e) {
            return e.faults();
        }
    }

    private Map<String, List<SecretReference>> variables() {
        try {
            return SecretVariables.references(surroundings.environment());
        } catch (SecretVariablesException e) {
            for (SecretVariablesException.Fault fault : e.faults()) {
                findings.add(Finding.failed(
                        CONFIGURATION, fault.variable() + ": " + fault.reason(), null, ExitCode.CONFIGURATION));
            }
            return Map.of();
        }
    }

    private @Nullable LoginMethod login(Platform platform) {
        EnvironmentSettings settings = surroundings.settings();
        LoginMethod login = LoginMethods.read(settings, platform);
        return faultsOf(settings).isEmpty() ? login : null;
    }

    private @Nullable VaultConfig vault() {
        EnvironmentSettings settings = surroundings.settings();
        VaultConfig vault = VaultConfig.read(settings);
        return faultsOf(settings).isEmpty() ? vault : null;
    }

    private void credentials(Platform platform) {
        EnvironmentSettings settings = surroundings.settings();
        AwsCredentialsSource source = DefaultCredentials.read(settings, platform);
        try {
            AwsCredentials credentials = source.credentials(Deadline.after(platform.clock(), AWS_TIMEOUT));
            String id = credentials.accessKeyId();
            findings.add(Finding.ok(
                    CREDENTIALS,
                    "from " + source + ", access key " + id.substring(0, Math.min(4, id.length())) + "..."
                            + id.substring(Math.max(4, id.length() - 4))));
        } catch (VaultException e) {
            findings.add(failure(CREDENTIALS, e));
        }
    }

    private void sts() {
        StsEndpoint sts = StsEndpoint.read(surroundings.settings());
        findings.add(Finding.ok(
                STS,
                "logins are signed for " + sts.host() + " in " + sts.signingRegion()
                        + ", which must be what the Vault mount has: sts_endpoint https://" + sts.host()
                        + (sts.equals(StsEndpoint.global())
                                ? " (its default)"
                                : ", sts_region " + sts.signingRegion())));
    }

    private void session(VaultAccess access, List<SecretFile> files, Map<String, List<SecretReference>> variables) {
        VaultSession session = access.session();
        try {
            VaultToken token = session.token(session.client().newDeadline());
            findings.add(Finding.ok(LOGIN, access.login().describe()));
            findings.add(life(token));
            PolicyExamination policies = new PolicyExamination(session, findings);
            for (SecretFile file : files) {
                policies.examine(file.reference(), String.valueOf(file.file()));
            }
            variables.forEach(
                    (variable, references) -> references.forEach(reference -> policies.examine(reference, variable)));
        } catch (VaultException e) {
            findings.add(failure(LOGIN, e));
        } finally {
            session.close();
        }
    }

    private static Finding life(VaultToken token) {
        if (token.expiresAt() == null) {
            return Finding.ok(TOKEN, "lives without an end");
        }
        String life = "lives for " + token.ttl().toSeconds() + " s, "
                + (token.renewable() ? "renewable" : "not renewable") + (token.isCounted() ? ", uses counted" : "");
        return token.ttl().compareTo(SHORT_LIFE) < 0
                ? Finding.warning(TOKEN, life, "give the role a longer token_ttl: each end of it costs a login")
                : Finding.ok(TOKEN, life);
    }

    static Finding failure(String check, VaultException failure) {
        String message = OneLine.of(failure);
        String hint = failure.hint();
        int at = hint == null ? -1 : message.indexOf(" Hint: ");
        return Finding.failed(check, at < 0 ? message : message.substring(0, at), hint, ExitCode.of(failure));
    }
}
