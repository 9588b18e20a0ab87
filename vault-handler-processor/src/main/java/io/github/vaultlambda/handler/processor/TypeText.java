package io.github.vaultlambda.handler.processor;

import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.WildcardType;

/** Types as source code, by full names and without annotations. */
final class TypeText {
    private TypeText() {}

    static String of(TypeMirror type) {
        return switch (type.getKind()) {
            case DECLARED -> declared((DeclaredType) type);
            case ARRAY -> of(((ArrayType) type).getComponentType()) + "[]";
            case WILDCARD -> wildcard((WildcardType) type);
            case BOOLEAN -> "boolean";
            case BYTE -> "byte";
            case SHORT -> "short";
            case INT -> "int";
            case LONG -> "long";
            case CHAR -> "char";
            case FLOAT -> "float";
            case DOUBLE -> "double";
            case VOID -> "void";
            default -> type.toString();
        };
    }

    /** The class without arguments. */
    static String raw(DeclaredType type) {
        return ((TypeElement) type.asElement()).getQualifiedName().toString();
    }

    private static String declared(DeclaredType type) {
        List<String> arguments = new ArrayList<>();
        for (TypeMirror argument : type.getTypeArguments()) {
            arguments.add(of(argument));
        }
        Element element = type.asElement();
        String name = type.getEnclosingType().getKind() == TypeKind.DECLARED
                        && !((DeclaredType) type.getEnclosingType())
                                .getTypeArguments()
                                .isEmpty()
                ? of(type.getEnclosingType()) + "." + element.getSimpleName()
                : raw(type);
        return arguments.isEmpty() ? name : name + "<" + String.join(", ", arguments) + ">";
    }

    private static String wildcard(WildcardType type) {
        TypeMirror upper = type.getExtendsBound();
        TypeMirror lower = type.getSuperBound();
        return upper != null ? "? extends " + of(upper) : lower != null ? "? super " + of(lower) : "?";
    }

    /** A text as a literal. */
    static String literal(String text) {
        StringBuilder literal = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                literal.append('\\').append(c);
            } else if (c < ' ') {
                literal.append(String.format("\\%03o", (int) c)); // Unicode escapes of line ends would be line ends
            } else if (c > '~') {
                literal.append(String.format("\\u%04x", (int) c));
            } else {
                literal.append(c);
            }
        }
        return literal.append('"').toString();
    }
}
