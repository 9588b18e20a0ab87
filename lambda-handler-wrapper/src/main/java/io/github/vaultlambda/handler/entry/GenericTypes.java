package io.github.vaultlambda.handler.entry;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds out which types a class gives to the parameters of an interface that it implements, however far above. */
final class GenericTypes {
    private GenericTypes() {}

    /** The arguments of the interface in this class, or null when it is implemented without any. */
    static Type @Nullable [] of(Class<?> type, Class<?> wanted) {
        return find(type, wanted, Map.of());
    }

    private static Type @Nullable [] find(@Nullable Type type, Class<?> wanted, Map<TypeVariable<?>, Type> known) {
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            Type[] arguments = generic.getActualTypeArguments();
            for (int i = 0; i < arguments.length; i++) {
                if (arguments[i] instanceof TypeVariable<?> variable && known.containsKey(variable)) {
                    arguments[i] = known.get(variable);
                }
            }
            if (raw == wanted) {
                return arguments;
            }
            Map<TypeVariable<?>, Type> inside = new HashMap<>();
            TypeVariable<?>[] parameters = raw.getTypeParameters();
            for (int i = 0; i < parameters.length; i++) {
                inside.put(parameters[i], arguments[i]);
            }
            return above(raw, wanted, inside);
        }
        return type instanceof Class<?> raw ? above(raw, wanted, Map.of()) : null;
    }

    private static Type @Nullable [] above(Class<?> type, Class<?> wanted, Map<TypeVariable<?>, Type> known) {
        for (Type each : type.getGenericInterfaces()) {
            Type[] found = find(each, wanted, known);
            if (found != null) {
                return found;
            }
        }
        return find(type.getGenericSuperclass(), wanted, known);
    }
}
