package io.github.vaultlambda.handler.processor;

import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.handler.processor.SecretTypes.Unsupported;
import io.github.vaultlambda.secrets.SecretReference;
import java.time.Duration;
import java.util.Map;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** Reads annotated members, and says what is wrong with them. */
final class MemberReader {
    private static final String SUPPLIER = "java.util.function.Supplier";

    private final Faults faults;
    private final SecretTypes types;

    MemberReader(Faults faults, SecretTypes types) {
        this.faults = faults;
        this.types = types;
    }

    /** The member, or null when it has faults. */
    @Nullable
    SecretMember read(VariableElement member, AnnotationMirror annotation) {
        AnnotationValue value = Faults.given(annotation, "value");
        AnnotationValue required = Faults.given(annotation, "required");
        boolean mayBeAbsent = required != null && Boolean.FALSE.equals(required.getValue());
        SecretReference reference = reference(member, annotation, value);
        long ttl = ttl(member, annotation);
        TypeMirror type = member.asType();
        String name = member.getSimpleName().toString();
        String raw = SecretTypes.rawName(type);
        boolean handle = raw.equals(SecretTypes.SECRET) || raw.equals(SUPPLIER);
        TypeMirror content = handle ? SecretTypes.content((DeclaredType) type) : type;
        if (content == null) {
            faults.error(
                    member,
                    annotation,
                    null,
                    name + " must say what it is a " + simple(raw) + " of, as in " + simple(raw) + "<String>");
            return null;
        }
        String code;
        try {
            code = types.code(content);
        } catch (Unsupported e) {
            faults.error(member, annotation, null, name + " " + e.getMessage());
            return null;
        }
        String contentRaw = SecretTypes.rawName(content);
        boolean optional = contentRaw.equals(SecretTypes.OPTIONAL);
        if (mayBeAbsent && handle && !optional) {
            faults.error(
                    member,
                    annotation,
                    required,
                    name + " is a handle, whose secret need not be there when it is a " + simple(raw)
                            + "<Optional<...>>: write that, and leave required = false out");
        } else if (mayBeAbsent && type.getKind().isPrimitive()) {
            faults.error(
                    member,
                    annotation,
                    required,
                    name + " is a primitive " + TypeText.of(type)
                            + ", which is never absent: write its class or an Optional, or leave required = false out");
        } else if (mayBeAbsent && optional) {
            faults.warning(
                    member, name + " is an Optional, which need not be there anyway: required = false says nothing");
        }
        if (reference == null || value == null) {
            return null;
        }
        if (contentRaw.equals(SecretTypes.RESPONSE) && reference.field() != null) {
            faults.error(
                    member,
                    annotation,
                    value,
                    name + " is Vault's whole answer, which has no field: leave #" + reference.field() + " out");
        }
        if (reference.field() == null && (contentRaw.equals("java.lang.String") || isArrayOfText(content))) {
            faults.warning(
                    member,
                    name + " gets the whole secret as JSON, because " + reference + " names no field: write "
                            + reference + "#field if one is meant");
        }
        String call = handle ? "handle(" : "value(";
        String absent = handle ? "" : mayBeAbsent ? "false, " : "true, ";
        return new SecretMember(
                name,
                type,
                call + TypeText.literal(value.getValue().toString()) + ", " + Names.SECRETS + "SecretType." + code
                        + ", " + absent + ttl + "L);");
    }

    private static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static boolean isArrayOfText(TypeMirror type) {
        String text = TypeText.of(type);
        return text.equals("char[]") || text.equals("byte[]");
    }

    private @Nullable SecretReference reference(
            VariableElement member, AnnotationMirror annotation, @Nullable AnnotationValue value) {
        if (value == null || !(value.getValue() instanceof String text)) {
            return null; // the compiler has said it
        }
        try {
            return SecretReference.parse(text);
        } catch (IllegalArgumentException e) {
            faults.error(member, annotation, value, member.getSimpleName() + ": " + e.getMessage());
            return null;
        }
    }

    /** In milliseconds; -1 when it is as by default or wrong. */
    private long ttl(VariableElement member, AnnotationMirror annotation) {
        AnnotationValue given = Faults.given(annotation, "ttl");
        if (given == null || given.getValue().toString().isEmpty()) {
            return -1;
        }
        Duration ttl = duration(given.getValue().toString());
        if (ttl == null) {
            faults.error(
                    member,
                    annotation,
                    given,
                    member.getSimpleName() + ": ttl is \"" + given.getValue()
                            + "\", which is no duration: write a number with a unit, such as 30s, 5m or 1h30m");
            return -1;
        }
        return ttl.toMillis();
    }

    /** As the runtime reads its settings; null for what is none, or negative. */
    static @Nullable Duration duration(String text) {
        return EnvironmentSettings.of(Map.of("duration", text)).lenientDuration("duration");
    }
}
