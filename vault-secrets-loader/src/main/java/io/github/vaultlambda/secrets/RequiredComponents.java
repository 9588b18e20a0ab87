package io.github.vaultlambda.secrets;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** The rule that each component of a record has a value, unless it is marked as nullable. */
final class RequiredComponents {
    private RequiredComponents() {}

    /** Whether any annotation named Nullable is on the component or its type, whoever's it is. */
    static boolean isNullable(RecordComponent component) {
        return hasNullable(component.getAnnotations())
                || hasNullable(component.getAnnotatedType().getAnnotations())
                || hasNullable(component.getAccessor().getAnnotations());
    }

    private static boolean hasNullable(Annotation[] annotations) {
        for (Annotation annotation : annotations) {
            if (annotation.annotationType().getSimpleName().equals("Nullable")) {
                return true;
            }
        }
        return false;
    }

    /** Checks a record that somebody else made, and those within it. */
    static void check(Object made) throws Misfit {
        if (!made.getClass().isRecord()) {
            return;
        }
        for (RecordComponent component : made.getClass().getRecordComponents()) {
            Object value = value(made, component.getAccessor());
            if (value != null) {
                try {
                    check(value);
                } catch (Misfit e) {
                    throw e.within(component.getName());
                }
            } else if (!isNullable(component)) {
                throw new Misfit("is not there").within(component.getName());
            }
        }
    }

    private static @Nullable Object value(Object made, Method accessor) throws Misfit {
        try {
            accessor.setAccessible(true);
            return accessor.invoke(made);
        } catch (InvocationTargetException e) {
            throw new Misfit("does not fit " + made.getClass().getName() + ": its accessor threw "
                            + e.getTargetException().getClass().getName())
                    .within(accessor.getName());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(accessor + " cannot be called", e);
        }
    }
}
