package io.github.vaultlambda.secrets;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/** Finds out whether a class was made for Jackson, without loading Jackson. */
final class JacksonAnnotations {
    private JacksonAnnotations() {}

    /** Whether the class, its fields, methods or constructors carry annotations of Jackson. */
    static boolean areOn(Class<?> type) {
        if (on(type)) {
            return true;
        }
        for (Field field : type.getDeclaredFields()) {
            if (on(field)) {
                return true;
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (onExecutable(method)) {
                return true;
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (onExecutable(constructor)) {
                return true;
            }
        }
        return false;
    }

    private static boolean onExecutable(Executable executable) {
        if (on(executable)) {
            return true;
        }
        for (Annotation[] annotations : executable.getParameterAnnotations()) {
            if (areJackson(annotations)) {
                return true;
            }
        }
        return false;
    }

    private static boolean on(AnnotatedElement element) {
        return areJackson(element.getAnnotations());
    }

    private static boolean areJackson(Annotation[] annotations) {
        for (Annotation annotation : annotations) {
            String name = annotation.annotationType().getName();
            if (name.startsWith("com.fasterxml.jackson.") || name.startsWith("tools.jackson.")) {
                return true;
            }
        }
        return false;
    }
}
