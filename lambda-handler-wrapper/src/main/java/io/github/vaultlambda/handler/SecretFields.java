package io.github.vaultlambda.handler;

import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.List;

/** The annotated fields of one handler, and the secrets that go into them. Thread-safe. */
final class SecretFields {
    private final Object handler;
    private final VaultSecrets vault;
    private final List<Slot> plain = new ArrayList<>();
    private final List<Slot> handles = new ArrayList<>();

    private record Slot(Field field, Secret<?> secret) {}

    /**
     * Finds the annotated fields of the handler's class and its superclasses.
     *
     * @throws IllegalArgumentException naming every field that cannot be used, and why
     */
    SecretFields(Object handler, VaultSecrets vault) {
        this.handler = handler;
        this.vault = vault;
        List<String> faults = new ArrayList<>();
        for (Class<?> type = handler.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                VaultSecret annotation = field.getAnnotation(VaultSecret.class);
                if (annotation != null) {
                    add(field, annotation.value(), faults);
                }
            }
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("@VaultSecret cannot be used as it is: " + String.join("; ", faults));
        }
    }

    private void add(Field field, String reference, List<String> faults) {
        String name = field.getDeclaringClass().getName() + "." + field.getName();
        if (Modifier.isStatic(field.getModifiers()) || Modifier.isFinal(field.getModifiers())) {
            faults.add(name + " must be neither static nor final");
            return;
        }
        try {
            field.setAccessible(true);
            if (field.getType() == Secret.class) {
                if (field.getGenericType() instanceof ParameterizedType type
                        && type.getActualTypeArguments()[0] instanceof Class<?> wanted) {
                    handles.add(new Slot(field, vault.secret(reference, wanted)));
                } else {
                    faults.add(name + " must say what it is a Secret of, as in Secret<String>");
                }
            } else {
                plain.add(new Slot(field, vault.secret(reference, field.getType())));
            }
        } catch (IllegalArgumentException e) {
            faults.add(name + ": " + e.getMessage());
        } catch (InaccessibleObjectException e) {
            faults.add(name + ": the module "
                    + field.getDeclaringClass().getModule().getName()
                    + " must open the package to io.github.vaultlambda.handler");
        }
    }

    List<Secret<?>> secrets() {
        List<Secret<?>> secrets = new ArrayList<>();
        plain.forEach(slot -> secrets.add(slot.secret));
        handles.forEach(slot -> secrets.add(slot.secret));
        return secrets;
    }

    /**
     * Puts the current values into the plain fields and the handles into theirs; each time anew, because a field initializer
     * of the handler may have run in between.
     *
     * @throws io.github.vaultlambda.client.VaultException when one cannot be had in time
     */
    void fill() {
        List<Object> values = new ArrayList<>(plain.size());
        for (Slot slot : plain) {
            values.add(slot.secret.get());
        }
        for (int i = 0; i < values.size(); i++) {
            set(plain.get(i).field, values.get(i));
        }
        for (Slot handle : handles) {
            set(handle.field, handle.secret);
        }
    }

    private void set(Field field, Object value) {
        try {
            field.set(handler, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " was made accessible", e);
        }
    }
}
