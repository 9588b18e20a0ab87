package io.github.vaultlambda.handler.injection;

import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.Deque;

/** A handler that was made by somebody else, and whose class and superclasses are found to have annotated fields. */
final class OneHandler<H> extends HandlerRecipe<H> {
    /** By name: this package knows nothing of the one above it. */
    private static final String ANNOTATION = "io.github.vaultlambda.handler.VaultSecret";

    private final H handler;
    private final SecretInjection[] injections;

    OneHandler(H handler) {
        this.handler = handler;
        Deque<SecretInjection> found = new ArrayDeque<>();
        for (Class<?> type = handler.getClass(); isOfUser(type); type = type.getSuperclass()) {
            SecretInjection injection = SecretInjection.of(type);
            if (injection != null) {
                found.addFirst(injection);
            } else {
                checkNothingIsMissing(type);
            }
        }
        this.injections = found.toArray(new SecretInjection[0]);
    }

    private static boolean isOfUser(Class<?> type) {
        return type != Object.class && type.getClassLoader() != null;
    }

    /** Fields that silently stay empty are the worst that could happen. */
    private static void checkNothingIsMissing(Class<?> type) {
        for (Field field : type.getDeclaredFields()) {
            for (var annotation : field.getAnnotations()) {
                if (annotation.annotationType().getName().equals(ANNOTATION)) {
                    throw new IllegalStateException(type.getName() + "." + field.getName()
                            + " is marked with @VaultSecret, but would stay empty: " + cause(type));
                }
            }
        }
    }

    private static String cause(Class<?> type) {
        return type.isAnonymousClass() || type.isLocalClass()
                ? "annotation processors do not see classes within methods and expressions. Make it a class of its own, or a"
                        + " static nested one"
                : "the annotation processor did not run when the class was compiled. Add"
                        + " io.github.vaultlambda:vault-handler-processor to the build, in Maven to annotationProcessorPaths of"
                        + " maven-compiler-plugin, in Gradle as annotationProcessor (kapt for Kotlin)";
    }

    @Override
    protected SecretInjection[] injections() {
        return injections;
    }

    @Override
    protected H create(MemberValues values) {
        return handler;
    }

    @Override
    boolean canRepeat() {
        return false;
    }
}
