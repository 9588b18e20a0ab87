package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Mint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Issues the tokens of one auth method's logins. Called with Vault's lock held. */
final class LoginTokens {
    /**
     * Who logged in.
     *
     * @param alias what the caller's entity is found by
     * @param displayName the part of the display name after the mount; empty for none
     * @param metadata what the token carries
     */
    record Subject(String alias, String displayName, Map<String, String> metadata) {}

    private final String mount;
    private final TokenStore tokens;
    private final Map<String, String> entities = new HashMap<>();

    /** For the auth method at {@code mount}, which starts with {@code auth/} and ends in a slash. */
    LoginTokens(String mount, TokenStore tokens) {
        this.mount = mount;
        this.tokens = tokens;
    }

    /** The answer to a login; {@code rest} is its path below the mount. */
    VaultAnswer issue(Subject subject, TokenParams params, String rest, TokenEntry.Renewal renewal)
            throws VaultFailure {
        if (params.policies().contains("root")) {
            throw VaultFailure.bad("auth methods cannot create root tokens");
        }
        String display = mount.substring("auth/".length()).replace('/', '-') + subject.displayName();
        List<String> warnings = new ArrayList<>();
        TokenEntry token = tokens.issue(
                new TokenStore.Order(
                        TokenStore.policies(params.policies(), !params.noDefaultPolicy()),
                        display.endsWith("-") ? display.substring(0, display.length() - 1) : display,
                        mount + rest,
                        params.batch(),
                        true,
                        true,
                        entities.computeIfAbsent(subject.alias(), alias -> Mint.uuid()),
                        new TreeMap<>(subject.metadata()),
                        params.lifetime(),
                        params.uses(),
                        renewal),
                warnings);
        return VaultAnswer.auth(TokenStore.auth(token, token.lastTtl), warnings);
    }
}
