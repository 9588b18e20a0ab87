package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import org.jspecify.annotations.Nullable;

/**
 * Stands for {@link java.util.OptionalInt} and its relatives, to which nothing is bound: it says what to write instead. That a secret
 * need not be there is said by {@link java.util.Optional} alone, so that all that asks for it looks for one type.
 */
final class PrimitiveOptional implements Conversion {
    private static final String OPTIONAL = "java.util.Optional";

    private final String name;
    private final String content;

    private PrimitiveOptional(String name, String content) {
        this.name = name;
        this.content = content;
    }

    /** For one of these classes; null for all others. */
    static @Nullable PrimitiveOptional of(Class<?> type) {
        return switch (type.getName()) {
            case OPTIONAL + "Int" -> new PrimitiveOptional(type.getSimpleName(), "Integer");
            case OPTIONAL + "Long", OPTIONAL + "Double" ->
                new PrimitiveOptional(type.getSimpleName(), type.getName().substring(OPTIONAL.length()));
            default -> null;
        };
    }

    @Override
    public Object from(SecretValue value) throws Misfit {
        throw misfit();
    }

    @Override
    public Object absent() throws Misfit {
        throw misfit();
    }

    private Misfit misfit() {
        return new Misfit("does not fit " + name + ": write Optional<" + content + ">");
    }
}
