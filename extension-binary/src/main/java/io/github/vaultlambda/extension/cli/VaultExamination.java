package io.github.vaultlambda.extension.cli;

import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks at Vault itself: whether it answers, how it is reached, and how it is.
 *
 * @see <a href="https://developer.hashicorp.com/vault/api-docs/system/health">Vault: sys/health</a>
 */
final class VaultExamination {
    private static final String VAULT = "vault";
    private static final String TLS = "tls";
    private static final String CLOCK = "clock";
    /** AWS refuses signatures that are older or newer. */
    private static final long MOST_SKEW_SECONDS = 300;

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private VaultExamination() {}

    /** Whether Vault answers and is no standing ruin. */
    static boolean run(Surroundings surroundings, Platform platform, List<Finding> findings) {
        Map<String, String> variables = new HashMap<>(surroundings.environment());
        variables.remove("VAULT_NAMESPACE"); // the health of Vault is told outside of all
        VaultConfig config = VaultConfig.read(EnvironmentSettings.of(variables));
        VaultEndpoint vault = new VaultEndpoint(config, platform);
        SecretValue health;
        try {
            health = vault.sendOnce(request(), null, vault.deadlineIn(TIMEOUT)).body();
        } catch (VaultException e) {
            findings.add(Doctor.failure(VAULT, e));
            return false;
        } finally {
            vault.closeConnections();
        }
        findings.add(security(config));
        if (!health.isTrue("initialized") || health.isTrue("sealed")) {
            findings.add(Finding.failed(
                    VAULT,
                    config.address() + " is " + (health.isTrue("initialized") ? "sealed" : "not initialised"),
                    health.isTrue("initialized") ? "unseal it" : "initialise it",
                    ExitCode.UNAVAILABLE));
            return false;
        }
        String version = health.text("version");
        findings.add(Finding.ok(
                VAULT,
                config.address() + " answers: version " + (version == null ? "unknown" : version) + ", "
                        + (health.isTrue("standby") ? "standby" : "active")));
        clock(health, platform, findings);
        return true;
    }

    /** Every state with status 200, so that it is told in the body. */
    private static VaultRequest request() {
        return VaultRequest.get("sys/health")
                .withQuery("standbyok", "true")
                .withQuery("perfstandbyok", "true")
                .withQuery("drsecondarycode", "200")
                .withQuery("sealedcode", "200")
                .withQuery("uninitcode", "200");
    }

    private static Finding security(VaultConfig config) {
        if (config.tls().skipsVerification()) {
            return Finding.warning(
                    TLS,
                    "VAULT_SKIP_VERIFY: anybody between can read and change everything",
                    "unset it, and name Vault's authority in VAULT_CACERT");
        }
        if ("https".equalsIgnoreCase(config.address().getScheme())) {
            return Finding.ok(TLS, "the certificate is good and trusted");
        }
        String host = String.valueOf(config.address().getHost());
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]")
                ? Finding.ok(TLS, "none, and none is needed on this machine")
                : Finding.warning(
                        TLS, "none: logins and secrets cross the network in the clear", "write https in the address");
    }

    private static void clock(SecretValue health, Platform platform, List<Finding> findings) {
        long theirs = health.number("server_time_utc", 0);
        if (theirs == 0) {
            return;
        }
        long skew = platform.clock().millis() / 1000 - theirs;
        if (Math.abs(skew) < MOST_SKEW_SECONDS) {
            findings.add(Finding.ok(CLOCK, "as Vault's, but for " + Math.abs(skew) + " s"));
        } else {
            findings.add(Finding.warning(
                    CLOCK,
                    Math.abs(skew) + " s " + (skew > 0 ? "ahead of" : "behind")
                            + " Vault's: AWS refuses signatures that" + " are five minutes off",
                    "set the clock of this machine, or that of Vault"));
        }
    }
}
