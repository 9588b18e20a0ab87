package io.github.vaultlambda.testkit.vault;

import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The roles of an auth method, by name in any case, or of an engine, by their exact names, and what is answered to calls that manage them. */
final class RoleTable<R> {
    /** Makes a role of what is written to it. */
    @FunctionalInterface
    interface Writer<R> {
        R written(String name, @Nullable R known, Fields fields) throws VaultFailure;
    }

    /** Shows a role. */
    @FunctionalInterface
    interface Reader<R> {
        Map<String, @Nullable Object> describe(R role);
    }

    private final String area;
    private final Writer<R> writer;
    private final Reader<R> reader;
    private final TreeMap<String, R> roles = new TreeMap<>();

    private final boolean exact;

    /** For roles below {@code area}, which ends in a slash. */
    RoleTable(String area, Writer<R> writer, Reader<R> reader) {
        this(area, writer, reader, false);
    }

    private RoleTable(String area, Writer<R> writer, Reader<R> reader, boolean exact) {
        this.area = area;
        this.writer = writer;
        this.reader = reader;
        this.exact = exact;
    }

    /** For roles whose names differ by case. */
    static <R> RoleTable<R> exact(String area, Writer<R> writer, Reader<R> reader) {
        return new RoleTable<>(area, writer, reader, true);
    }

    @Nullable
    R get(String name) {
        return roles.get(key(name));
    }

    /** All roles by name. */
    Map<String, R> all() {
        return roles;
    }

    /** Whether a path below the mount is this table's. */
    boolean serves(String rest) {
        return (rest + "/").equals(area) || (rest.startsWith(area) && rest.indexOf('/', area.length()) < 0);
    }

    boolean exists(String rest) {
        return !serves(rest) || get(name(rest)) != null;
    }

    private String key(String name) {
        return exact ? name : name.toLowerCase(Locale.ROOT);
    }

    private String name(String rest) {
        return rest.length() < area.length() ? "" : rest.substring(area.length());
    }

    VaultAnswer handle(VaultCall call, String rest) throws VaultFailure {
        String name = key(name(rest));
        if (name.isEmpty()) {
            if (call.operation() != Operation.LIST) {
                throw Backend.unsupportedOperation();
            }
            return KeyTree.answer(new ArrayList<>(roles.keySet()));
        }
        switch (call.operation()) {
            case READ -> {
                R role = roles.get(name);
                if (role == null) {
                    throw VaultFailure.absent();
                }
                return VaultAnswer.data(reader.describe(role));
            }
            case DELETE -> {
                roles.remove(name);
                return VaultAnswer.none();
            }
            case CREATE, UPDATE -> {
                roles.put(
                        name,
                        writer.written(name, roles.get(name), call.fields().ofRole()));
                return VaultAnswer.none();
            }
            default -> throw Backend.unsupportedOperation();
        }
    }
}
