package io.github.vaultlambda.extension.cli;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.extension.settings.VaultAccess;
import io.github.vaultlambda.json.JsonWriter;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Logs in and says as whom. */
final class LoginCommand implements Command {
    @Override
    public String name() {
        return "login";
    }

    @Override
    public String summary() {
        return "logs in to Vault and says as whom, or prints the token";
    }

    @Override
    public String help() {
        return """
                login [--token] [--json]

                Logs in as the variables say, and tells of the token what is no secret: accessor, life, policies. It is then
                revoked, so that none is left behind.

                  --token   prints the token alone, and does not revoke it:
                            VAULT_TOKEN=$(vault-lambda-extension login --token)
                  --json    as JSON; has the token in it only with --token
                """;
    }

    @Override
    public int run(List<String> arguments, Surroundings surroundings) throws UsageException {
        Arguments given =
                Arguments.parse(arguments, Set.of("--json", "--token")).withoutOthers();
        VaultAccess access = surroundings.access();
        VaultSession session = access.session();
        try {
            VaultToken token = session.token(session.client().newDeadline());
            List<String> policies = policies(session);
            if (given.has("--json")) {
                surroundings.print(json(access, token, policies, given.has("--token")));
            } else if (given.has("--token")) {
                surroundings.print(token.value().reveal());
            } else {
                surroundings.print(text(access, token, policies));
            }
        } finally {
            if (!given.has("--token")) {
                session.close();
            }
        }
        return ExitCode.OK.number();
    }

    /** Of the token; none when it may not look itself up, which is no fault. */
    private static List<String> policies(VaultSession session) {
        try {
            SecretValue data = session.client()
                    .sendUnhealed(
                            VaultRequest.get("auth/token/lookup-self"),
                            session.client().newDeadline())
                    .data();
            return data == null ? List.of() : data.texts("policies");
        } catch (VaultException e) {
            return List.of();
        }
    }

    private static String text(VaultAccess access, VaultToken token, List<String> policies) {
        StringBuilder text = new StringBuilder();
        text.append("Logged in to ").append(access.vault().address()).append('\n');
        text.append("  as        ").append(access.login().describe()).append('\n');
        text.append("  accessor  ")
                .append(token.accessor() == null ? "none" : token.accessor())
                .append('\n');
        text.append("  lives     ");
        Instant end = token.expiresAt();
        text.append(end == null ? "without an end" : token.ttl().toSeconds() + " s, until " + end);
        text.append(token.renewable() ? ", renewable\n" : ", not renewable\n");
        text.append("  policies  ").append(policies.isEmpty() ? "unknown" : String.join(", ", policies));
        return text.toString();
    }

    private static JsonWriter json(VaultAccess access, VaultToken token, List<String> policies, boolean shown) {
        JsonWriter json = new JsonWriter();
        json.open('{');
        json.name("address");
        json.string(access.vault().address().toString());
        json.name("login");
        json.string(access.login().describe());
        json.name("accessor");
        String accessor = token.accessor();
        if (accessor == null) {
            json.literal("null");
        } else {
            json.string(accessor);
        }
        json.name("ttl_seconds");
        json.literal(Long.toString(token.ttl().toSeconds()));
        json.name("expires_at");
        Instant end = token.expiresAt();
        if (end == null) {
            json.literal("null");
        } else {
            json.string(end.toString());
        }
        json.name("renewable");
        json.literal(Boolean.toString(token.renewable()));
        json.name("policies");
        json.open('[');
        policies.forEach(json::string);
        json.close(']');
        if (shown) {
            json.name("token");
            json.string(token.value().reveal());
        }
        json.close('}');
        return json;
    }
}
