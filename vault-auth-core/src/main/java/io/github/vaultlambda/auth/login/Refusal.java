package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request of a login that failed, on its way to the exception for it: Vault's words with all that quotes a secret left out,
 * and a hint that the login method finds by them.
 */
final class Refusal {
    /** So much of a secret is recognised even where Vault's text was cut in the middle of it. */
    private static final int RECOGNISED_CHARS = 8;
    /** Texts without any variable part, which quote nothing even where a weak password is one of their words. */
    private static final Set<String> FIXED_TEXTS = Set.of(
            "permission denied", "invalid credentials", "invalid username or password", "invalid role or secret ID");

    private static final String LEFT_OUT = "(a text that quotes what was sent is left out)";

    private final VaultException failure;
    private final String what;
    private final String mount;
    private final List<String> errors = new ArrayList<>();
    private final String said;

    /**
     * A failed request.
     *
     * @param what what Vault refused, such as {@code the login of role a at auth/b}
     * @param mount the auth method's path, with {@code auth/}
     * @param sent the secret that was sent along, or null
     */
    Refusal(VaultException failure, String what, String mount, @Nullable SecretValue sent) {
        this.failure = failure;
        this.what = what;
        this.mount = mount;
        this.said = String.join("; ", failure.errors());
        for (String error : failure.errors()) {
            errors.add(sent != null && quotes(error, sent.reveal()) ? LEFT_OUT : error);
        }
    }

    private static boolean quotes(String error, String secret) {
        String start = secret.length() > RECOGNISED_CHARS ? secret.substring(0, RECOGNISED_CHARS) : secret;
        return !FIXED_TEXTS.contains(error) && error.contains(start);
    }

    /** Whether Vault's words contain this text, in whatever case. */
    boolean says(String text) {
        return said.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
    }

    /** Leaves out, in the exception to come, each of Vault's texts that contains this one, because it quotes what none may see. */
    Refusal leavingOut(String text) {
        for (int i = 0; i < errors.size(); i++) {
            if (errors.get(i).contains(text)) {
                errors.set(i, LEFT_OUT);
            }
        }
        return this;
    }

    /** Vault's HTTP status. */
    int status() {
        return failure.status();
    }

    /** Whether all that Vault says is that it was not permitted. */
    boolean isDenied() {
        return status() == 403 && (said.isEmpty() || says("permission denied"));
    }

    /**
     * The hint for what every auth method answers alike when the request does not reach it, else null.
     *
     * @param type the type that the mount must have, as a user reads it, such as {@code an AppRole}
     */
    @Nullable
    String mountHint(String type) {
        if (status() == 404
                || status() == 405
                || isDenied()
                || says("no handler for route")
                || says("unsupported path")
                || says("unsupported operation")
                || says("failed to determine alias name")) {
            return "check that VAULT_AUTH_PROVIDER, now " + mount.substring("auth/".length()) + ", is the path of "
                    + type + " auth method (vault auth list), and that VAULT_NAMESPACE is the right one";
        }
        return null;
    }

    /**
     * The exception to throw: a {@link VaultLoginException} when Vault refused, or failed with words that the hint explains;
     * otherwise the failure as it came.
     */
    VaultException exception(@Nullable String methodHint) {
        String hint =
                says("no handler for route \"v1/") ? "VAULT_ADDR ends with /v1, which is to be left out" : methodHint;
        boolean refused = (failure instanceof VaultRequestException && status() >= 400)
                || failure instanceof VaultPermissionException
                || failure instanceof VaultNotFoundException;
        if (!refused && (hint == null || status() != 500)) {
            return failure;
        }
        // The original exception does not go along as the cause: its message has Vault's words in full.
        return new VaultLoginException(VaultFailure.of("Vault refused " + what + " with " + status()
                        + (errors.isEmpty() ? "" : ": " + String.join("; ", errors)))
                .withStatus(status())
                .withPath(failure.path())
                .withMount(mount)
                .withErrors(errors)
                .withWarnings(failure.warnings())
                .withHint(hint));
    }
}
