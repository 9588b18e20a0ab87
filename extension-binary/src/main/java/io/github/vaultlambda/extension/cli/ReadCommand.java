package io.github.vaultlambda.extension.cli;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.extension.settings.VaultAccess;
import io.github.vaultlambda.json.JsonWriter;
import io.github.vaultlambda.secrets.SecretReference;
import io.github.vaultlambda.secrets.SecretState;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a secret and prints it. */
final class ReadCommand implements Command {
    @Override
    public String name() {
        return "read";
    }

    @Override
    public String summary() {
        return "reads a secret and prints it";
    }

    @Override
    public String help() {
        return """
                read [-n] [--json] REFERENCE

                Prints a secret: of secret/data/orders/db#password the field as it is, without #field the whole secret as
                JSON. References are those of variables and files, such as database/creds/orders#password.

                  -n        no line break behind a field
                  --json    as {"reference":...,"value":...,"version":...,"read_at":...,"expires_at":...}
                """;
    }

    @Override
    public int run(List<String> arguments, Surroundings surroundings) throws UsageException {
        Arguments given = Arguments.parse(arguments, Set.of("-n", "--json"));
        if (given.others().size() != 1) {
            throw new UsageException(given.others().isEmpty() ? "which secret?" : "one secret at a time");
        }
        SecretReference reference = reference(given.others().get(0));
        VaultAccess access = surroundings.access();
        VaultSession session = access.session();
        boolean leased = false;
        try {
            SecretState<SecretValue> state = access.secretsOf(session)
                    .build()
                    .secret(reference, SecretValue.class)
                    .state(session.client().newDeadline());
            leased = state.expiresAt() != null;
            if (given.has("--json")) {
                surroundings.print(json(reference, state));
            } else {
                print(reference, state.value(), given.has("-n"), surroundings);
            }
        } finally {
            if (!leased) {
                session.close(); // whose end would be that of the lease
            }
        }
        return ExitCode.OK.number();
    }

    private static SecretReference reference(String text) throws UsageException {
        try {
            return SecretReference.parse(text.startsWith("vault:") ? text.substring("vault:".length()) : text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("the reference is " + e.getMessage());
        }
    }

    private static void print(
            SecretReference reference, SecretValue value, boolean withoutLineBreak, Surroundings surroundings) {
        SecretValue.Kind kind = value.kind();
        boolean scalar =
                kind == SecretValue.Kind.STRING || kind == SecretValue.Kind.NUMBER || kind == SecretValue.Kind.BOOLEAN;
        String text = scalar ? value.reveal() : value.revealJson();
        if (withoutLineBreak && reference.field() != null) {
            surroundings.out().print(text);
            surroundings.out().flush();
        } else {
            surroundings.print(text);
        }
    }

    private static JsonWriter json(SecretReference reference, SecretState<SecretValue> state) {
        JsonWriter json = new JsonWriter();
        json.open('{');
        json.name("reference");
        json.string(reference.toString());
        json.name("value");
        json.literal(state.value().revealJson());
        json.name("version");
        json.literal(String.valueOf(state.version()));
        json.name("read_at");
        json.string(state.readAt().toString());
        json.name("expires_at");
        textOrNull(json, state.expiresAt() == null ? null : String.valueOf(state.expiresAt()));
        json.close('}');
        return json;
    }

    private static void textOrNull(JsonWriter json, @Nullable String text) {
        if (text == null) {
            json.literal("null");
        } else {
            json.string(text);
        }
    }
}
