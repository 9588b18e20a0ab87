package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of objects by their canonical constructor. Each component takes the field of its name; one without a value is an
 * error, unless it is an {@link Optional} or marked as nullable. Other fields are left alone.
 */
final class RecordBinding implements Conversion {
    private final Class<?> type;
    private RecordComponent[] components = {};
    private Conversion[] conversions = {};
    private @Nullable Constructor<?> constructor;

    /** To be followed by {@link #prepare}. */
    RecordBinding(Class<?> type) {
        this.type = type;
    }

    /** Finds out how to make the components; false when the record is one for Jackson. */
    boolean prepare(Conversions others) {
        if (JacksonAnnotations.areOn(type)) {
            return false;
        }
        components = type.getRecordComponents();
        conversions = new Conversion[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            Conversion conversion = others.find(components[i].getGenericType());
            if (conversion == null) {
                return false;
            }
            conversions[i] = conversion;
            types[i] = components[i].getType();
        }
        try {
            constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("a record without its canonical constructor: " + type.getName(), e);
        }
        return true;
    }

    @Override
    public Object from(SecretValue value) throws Misfit {
        if (value.kind() != SecretValue.Kind.OBJECT) {
            throw new Misfit("does not fit " + type.getName() + ": it is no object with fields");
        }
        @Nullable Object[] arguments = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            SecretValue field = value.field(name);
            try {
                arguments[i] = field == null ? conversions[i].absent() : conversions[i].from(field);
            } catch (Misfit e) {
                throw e.within(name);
            }
            if (arguments[i] == null && !RequiredComponents.isNullable(components[i])) {
                throw new Misfit("is not there; the fields are "
                                + new TreeSet<>(value.fields().keySet()))
                        .within(name);
            }
        }
        try {
            return Objects.requireNonNull(constructor).newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw new Misfit("does not fit " + type.getName() + ": its constructor threw "
                    + e.getTargetException().getClass().getName());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the constructor of " + type.getName() + " cannot be called", e);
        }
    }
}
