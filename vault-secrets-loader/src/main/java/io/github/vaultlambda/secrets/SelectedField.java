package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The part of a secret that a reference means. */
final class SelectedField {
    private SelectedField() {}

    /**
     * The referenced field, or the whole secret.
     *
     * @throws SecretFormatException when there is no such field; the message says which there are
     */
    static SecretValue of(SecretReference reference, SecretValue data) {
        String field = reference.field();
        SecretValue value = orNull(reference, data);
        if (value == null && data.fields().containsKey(field)) {
            throw SecretFormatException.withoutField("is null: the field is there, but has no value", reference);
        }
        if (value == null) {
            throw SecretFormatException.withoutField(
                    "does not exist; the secret's fields are "
                            + ReferenceText.printable(
                                    new TreeSet<>(data.fields().keySet()).toString()),
                    reference);
        }
        return value;
    }

    /** The referenced field, or the whole secret; null when there is no such field. */
    static @Nullable SecretValue orNull(SecretReference reference, SecretValue data) {
        String field = reference.field();
        return field == null ? data : nested(data, field);
    }

    /** A scalar's text, the JSON of everything else. */
    static String text(SecretValue value) {
        return isScalar(value) ? value.reveal() : value.revealJson();
    }

    static boolean isScalar(SecretValue value) {
        SecretValue.Kind kind = value.kind(); // a switch over an enum costs a class at the first use
        return kind == SecretValue.Kind.STRING || kind == SecretValue.Kind.NUMBER || kind == SecretValue.Kind.BOOLEAN;
    }

    /** A field of that very name, else the way through nested objects that its dots describe. */
    private static @Nullable SecretValue nested(SecretValue data, String field) {
        SecretValue value = data.field(field);
        if (value != null || field.indexOf('.') < 0) {
            return value;
        }
        value = data;
        int start = 0;
        while (value != null && start <= field.length()) {
            int dot = field.indexOf('.', start);
            int end = dot < 0 ? field.length() : dot;
            value = value.field(field.substring(start, end));
            start = end + 1;
        }
        return value;
    }
}
