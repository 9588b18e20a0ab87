package io.github.vaultlambda.handler.injection;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The annotated fields that one class declares itself, and how values get into them. Its subclasses are generated. */
public abstract class SecretInjection {
    private static final String SUFFIX = "_VaultInjection";
    private static final ConcurrentMap<Class<?>, SecretInjection> KNOWN = new ConcurrentHashMap<>();

    /** For generated classes. */
    protected SecretInjection() {}

    /** Declares the secrets of the fields. */
    protected abstract void members(SecretMembers members);

    /** Puts values into the fields of a handler of that class, in the order in which they were declared. */
    protected abstract void inject(Object handler, MemberValues values);

    /** To be called when a generated class is initialized: so it is found without reflection. */
    protected static void register(Class<?> type, SecretInjection injection) {
        KNOWN.put(type, injection);
    }

    /** The injection that was generated for this class; null when there is none. */
    static @Nullable SecretInjection of(Class<?> type) {
        SecretInjection known = KNOWN.get(type);
        if (known != null) {
            return known;
        }
        try {
            Class.forName(type.getName().replace('$', '_') + SUFFIX, true, type.getClassLoader());
        } catch (ClassNotFoundException e) {
            return null;
        }
        return KNOWN.get(type);
    }
}
