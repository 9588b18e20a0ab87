package io.github.vaultlambda.handler.processor;

import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** Types that are not there, or not yet: another processor may write them. */
final class Unresolved {
    private Unresolved() {}

    /** Whether there is one in the declaration of a class or of its members. */
    static boolean isIn(TypeElement type) {
        List<TypeMirror> used = new ArrayList<>(type.getInterfaces());
        used.add(type.getSuperclass());
        for (Element member : type.getEnclosedElements()) {
            if (member instanceof VariableElement field) {
                used.add(field.asType());
            } else if (member instanceof ExecutableElement method) {
                used.add(method.getReturnType());
                for (VariableElement parameter : method.getParameters()) {
                    used.add(parameter.asType());
                }
            }
        }
        for (TypeMirror one : used) {
            if (isIn(one)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIn(TypeMirror type) {
        if (type.getKind() == TypeKind.ERROR) {
            return true;
        }
        if (type instanceof ArrayType array) {
            return isIn(array.getComponentType());
        }
        if (type instanceof DeclaredType declared) {
            for (TypeMirror argument : declared.getTypeArguments()) {
                if (isIn(argument)) {
                    return true;
                }
            }
        }
        return false;
    }
}
