package io.github.vaultlambda.handler.processor;

import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.WildcardType;
import org.jspecify.annotations.Nullable;

/** The types that secrets are bound to, as code that makes a {@code SecretType}. */
final class SecretTypes {
    static final String SECRET = Names.SECRETS + "Secret";
    static final String OPTIONAL = "java.util.Optional";
    static final String RESPONSE = "io.github.vaultlambda.client.VaultResponse";

    private static final String SUPPORTED =
            "write a text, number, boolean, enum, byte[], char[], a record, List, Set, Map or"
                    + " Optional of such types, SecretValue, a class that Jackson can read, or Secret or Supplier of one of them";
    private final Reach reach;

    SecretTypes(Reach reach) {
        this.reach = reach;
    }

    /** A type that no secret can be bound to; the message says why. */
    static final class Unsupported extends Exception {
        private static final long serialVersionUID = 1;

        Unsupported(String why) {
            super(why, null, false, false);
        }
    }

    /** The class of this type; the empty text when it is none. */
    static String rawName(TypeMirror type) {
        return type instanceof DeclaredType declared ? TypeText.raw(declared) : "";
    }

    /** Code that makes the {@code SecretType}. */
    String code(TypeMirror type) throws Unsupported {
        String obstacle = reach.obstacle(type);
        if (obstacle != null) {
            throw new Unsupported("cannot have this type: " + obstacle + ", so the generated code cannot name it");
        }
        return codeOf(type);
    }

    private String codeOf(TypeMirror type) throws Unsupported {
        if (type.getKind().isPrimitive()) {
            return "of(" + TypeText.of(type) + ".class)";
        }
        return switch (type.getKind()) {
            case DECLARED -> declared((DeclaredType) type);
            case ARRAY -> array((ArrayType) type);
            case WILDCARD -> {
                TypeMirror bound = ((WildcardType) type).getExtendsBound();
                yield bound == null ? "of(java.lang.Object.class)" : codeOf(bound);
            }
            default -> throw new Unsupported("has a type that is not known when it is compiled: " + SUPPORTED);
        };
    }

    private String array(ArrayType type) throws Unsupported {
        TypeMirror component = type.getComponentType();
        codeOf(component);
        if (component instanceof DeclaredType declared
                && !declared.getTypeArguments().isEmpty()) {
            throw new Unsupported("is an array of a type with arguments: write a List");
        }
        return "of(" + TypeText.of(type) + ".class)";
    }

    private String declared(DeclaredType type) throws Unsupported {
        check(type);
        StringBuilder code = new StringBuilder("of(").append(TypeText.raw(type)).append(".class");
        for (TypeMirror argument : type.getTypeArguments()) {
            code.append(", ").append(Names.SECRETS).append("SecretType.").append(codeOf(argument));
        }
        return code.append(')').toString();
    }

    private static void check(DeclaredType type) throws Unsupported {
        TypeElement element = (TypeElement) type.asElement();
        String name = TypeText.raw(type);
        if (element.getNestingKind() == NestingKind.MEMBER
                && element.getKind() == ElementKind.CLASS
                && !element.getModifiers().contains(Modifier.STATIC)) {
            throw new Unsupported("is of the inner class " + element.getSimpleName()
                    + ", which only its outer object can make: make the class static");
        }
        if (element.getKind() == ElementKind.ENUM || isKnown(element, name)) {
            return;
        }
        boolean isInterface = element.getKind().isInterface();
        if (isInterface || element.getModifiers().contains(Modifier.ABSTRACT)) {
            throw new Unsupported("is of the " + (isInterface ? "interface " : "abstract class ")
                    + element.getSimpleName() + ", of which no value can be made: " + instead(name));
        }
        if (PlatformTypes.isOne(name)) {
            throw new Unsupported(
                    "is of the class " + element.getSimpleName() + ", which no secret is made into: " + instead(name));
        }
    }

    private static boolean isKnown(TypeElement element, String name) {
        if (name.startsWith("com.fasterxml.jackson.") || PlatformTypes.isBound(element)) {
            return true;
        }
        for (AnnotationMirror annotation : element.getAnnotationMirrors()) {
            if (annotation.getAnnotationType().toString().startsWith("com.fasterxml.jackson.")) {
                return true;
            }
        }
        return false;
    }

    private static String instead(String name) {
        return switch (name) {
            case "java.util.OptionalInt" -> "write Optional<Integer>";
            case "java.util.OptionalLong" -> "write Optional<Long>";
            case "java.util.OptionalDouble" -> "write Optional<Double>";
            case SECRET -> "a Secret stands outside, as in Secret<List<String>>";
            default -> SUPPORTED;
        };
    }

    /** The one argument of a handle's type, which it must have; null when it does not say it. */
    static @Nullable TypeMirror content(DeclaredType handle) {
        if (handle.getTypeArguments().isEmpty()) {
            return null;
        }
        TypeMirror argument = handle.getTypeArguments().get(0);
        return argument instanceof WildcardType wildcard ? wildcard.getExtendsBound() : argument;
    }
}
