package io.github.vaultlambda.handler.processor;

import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.WildcardType;
import javax.lang.model.util.Elements;
import org.jspecify.annotations.Nullable;

/** What generated code in a package can name. */
final class Reach {
    private final Elements elements;
    private final PackageElement from;

    Reach(Elements elements, PackageElement from) {
        this.elements = elements;
        this.from = from;
    }

    /** Why this type cannot be named, such as {@code Order is private}; null when it can. */
    @Nullable
    String obstacle(TypeMirror type) {
        return switch (type.getKind()) {
            case ARRAY -> obstacle(((ArrayType) type).getComponentType());
            case WILDCARD -> {
                WildcardType wildcard = (WildcardType) type;
                TypeMirror bound =
                        wildcard.getExtendsBound() == null ? wildcard.getSuperBound() : wildcard.getExtendsBound();
                yield bound == null ? null : obstacle(bound);
            }
            case DECLARED -> {
                DeclaredType declared = (DeclaredType) type;
                String obstacle = obstacle((TypeElement) declared.asElement());
                for (TypeMirror argument : declared.getTypeArguments()) {
                    obstacle = obstacle == null ? obstacle(argument) : obstacle;
                }
                yield obstacle;
            }
            default -> null;
        };
    }

    /** As {@link #obstacle(TypeMirror)}, for a class with all that it is nested in. */
    @Nullable
    String obstacle(TypeElement type) {
        for (Element at = type; at instanceof TypeElement; at = at.getEnclosingElement()) {
            if (at.getModifiers().contains(Modifier.PRIVATE)) {
                return at.getSimpleName() + " is private";
            }
            if (!at.getModifiers().contains(Modifier.PUBLIC)
                    && !isMemberOfInterface(at)
                    && !elements.getPackageOf(at).equals(from)) {
                return at.getSimpleName() + " is not public";
            }
        }
        return null;
    }

    private static boolean isMemberOfInterface(Element at) {
        Element around = at.getEnclosingElement();
        return around != null && around.getKind().isInterface();
    }
}
