package io.github.vaultlambda.testkit.vault;

import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** The cubbyhole: secrets that only the token which wrote them can read, and that end with it. */
final class CubbyholeEngine implements Backend {
    private final Map<TokenEntry, TreeMap<String, Map<String, @Nullable Object>>> secrets = new WeakHashMap<>();

    @Override
    public String type() {
        return "cubbyhole";
    }

    @Override
    public VaultAnswer handle(VaultCall call, String rest) throws VaultFailure {
        TokenEntry owner = call.caller();
        if (owner.batch) {
            throw VaultFailure.bad("cubbyhole operations are only supported by \"service\" type tokens");
        }
        TreeMap<String, Map<String, @Nullable Object>> own = secrets.computeIfAbsent(owner, token -> new TreeMap<>());
        if (call.operation() == Operation.LIST) {
            return KeyTree.answer(KeyTree.children(own, rest));
        }
        if (rest.isEmpty()) {
            throw VaultFailure.wrapped(500, "missing path");
        }
        switch (call.operation()) {
            case READ -> {
                Map<String, @Nullable Object> secret = own.get(rest);
                if (secret == null) {
                    throw VaultFailure.absent();
                }
                return VaultAnswer.data(secret);
            }
            case CREATE, UPDATE -> {
                if (call.fields().raw().isEmpty()) {
                    throw VaultFailure.wrapped(500, "missing data fields");
                }
                own.put(rest, new TreeMap<>(call.fields().raw()));
            }
            case DELETE -> own.remove(rest);
            default -> throw Backend.unsupportedOperation();
        }
        return VaultAnswer.none();
    }
}
