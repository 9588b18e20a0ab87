package io.github.vaultlambda.testkit.vault;

import org.jspecify.annotations.Nullable;

/** {@code sys/leases/}: look up, renew and revoke leases, and the older paths for the same. */
final class LeaseEndpoint {
    private final LeaseStore leases;

    LeaseEndpoint(LeaseStore leases) {
        this.leases = leases;
    }

    /** Paths that need the sudo capability. */
    static boolean needsSudo(String path) {
        return path.startsWith("sys/leases/lookup/") || action(path, "revoke-prefix") || action(path, "revoke-force");
    }

    private static boolean action(String path, String name) {
        return path.startsWith("sys/leases/" + name + "/") || path.startsWith("sys/" + name + "/");
    }

    /** The answer, or null when {@code rest}, a path below {@code sys/}, is not about leases. */
    @Nullable
    VaultAnswer handle(VaultCall call, String rest) throws VaultFailure {
        boolean current = rest.startsWith("leases/");
        String path = current ? rest.substring("leases/".length()) : rest;
        int slash = path.indexOf('/');
        String name = slash < 0 ? path : path.substring(0, slash);
        String below = slash < 0 ? "" : path.substring(slash + 1);
        if (current && name.equals("lookup") && call.operation() == Operation.LIST) {
            return leases.list(below);
        }
        boolean known = switch (name) {
            case "renew", "revoke" -> slash < 0 || !below.isEmpty();
            case "revoke-prefix", "revoke-force" -> !below.isEmpty();
            case "lookup" -> current && slash < 0;
            default -> false;
        };
        if (!known) {
            return null;
        }
        if (!call.operation().writes()) {
            throw Backend.unsupportedOperation();
        }
        Fields fields = call.fields();
        switch (name) {
            case "lookup" -> {
                return VaultAnswer.data(leases.describe(id(fields, "")));
            }
            case "renew" -> {
                long increment = fields.seconds("increment", 0);
                return leases.renew(id(fields, below), increment);
            }
            case "revoke" -> {
                String id = id(fields, below);
                fields.flag("sync", false); // judged and no more: here nothing is left for later
                leases.revoke(id);
            }
            default -> {
                fields.flag("sync", false);
                leases.revokeBelow(below);
            }
        }
        return VaultAnswer.none();
    }

    private static String id(Fields fields, String below) throws VaultFailure {
        String named = fields.text("lease_id");
        String id = named.isEmpty() ? below : named;
        if (id.isEmpty()) {
            throw VaultFailure.bad("lease_id must be specified");
        }
        return id;
    }
}
