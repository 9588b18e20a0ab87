package io.github.vaultlambda.handler.processor;

import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/**
 * A member that gets a secret.
 *
 * @param name of the field or parameter
 * @param type of it
 * @param declaration the call that declares it
 */
record SecretMember(String name, TypeMirror type, String declaration) {
    /** What a parameter gets when there is no value. */
    String otherwise() {
        TypeKind kind = type.getKind();
        if (!kind.isPrimitive()) {
            return SecretTypes.rawName(type).equals(SecretTypes.OPTIONAL) ? "java.util.Optional.empty()" : "null";
        }
        return switch (kind) {
            case BOOLEAN -> "false";
            case LONG -> "0L";
            case FLOAT -> "0.0f";
            case DOUBLE -> "0.0";
            case CHAR -> "'\\0'";
            case SHORT -> "(short) 0";
            case BYTE -> "(byte) 0";
            default -> "0";
        };
    }

    /** The cast to its type. */
    String cast() {
        return "(" + TypeText.of(type) + ") ";
    }
}
