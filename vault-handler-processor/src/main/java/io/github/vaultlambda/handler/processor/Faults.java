package io.github.vaultlambda.handler.processor;

import java.util.List;
import javax.annotation.processing.Messager;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;
import org.jspecify.annotations.Nullable;

/** What is wrong with one class, told to the compiler with its place. */
final class Faults {
    private final Messager messager;
    private boolean any;

    Faults(Messager messager) {
        this.messager = messager;
    }

    /** Whether there was an error. */
    boolean any() {
        return any;
    }

    /** At the declaration of an element. */
    void error(Element at, String what) {
        any = true;
        messager.printMessage(Diagnostic.Kind.ERROR, what, at);
    }

    /** At an element's annotation, or at the value of one of its members. */
    void error(Element at, AnnotationMirror annotation, @Nullable AnnotationValue value, String what) {
        any = true;
        if (value == null) {
            messager.printMessage(Diagnostic.Kind.ERROR, what, at, annotation);
        } else {
            messager.printMessage(Diagnostic.Kind.ERROR, what, at, annotation, value);
        }
    }

    /** What is legal and yet suspicious; silent where {@code @SuppressWarnings("vault")} says so. */
    void warning(Element at, String what) {
        for (Element around = at; around != null; around = around.getEnclosingElement()) {
            SuppressWarnings suppressed = around.getAnnotation(SuppressWarnings.class);
            if (suppressed != null && List.of(suppressed.value()).contains("vault")) {
                return;
            }
        }
        messager.printMessage(Diagnostic.Kind.WARNING, what + " (@SuppressWarnings(\"vault\") silences this)", at);
    }

    /** An element's annotation of this name, or null. */
    static @Nullable AnnotationMirror annotation(Element of, String name) {
        for (AnnotationMirror annotation : of.getAnnotationMirrors()) {
            if (annotation.getAnnotationType().asElement() instanceof TypeElement type
                    && type.getQualifiedName().contentEquals(name)) {
                return annotation;
            }
        }
        return null;
    }

    /** What an annotation was given for one of its members; null when it was left out. */
    static @Nullable AnnotationValue given(AnnotationMirror annotation, String member) {
        for (var entry : annotation.getElementValues().entrySet()) {
            ExecutableElement name = entry.getKey();
            if (name.getSimpleName().contentEquals(member)) {
                return entry.getValue();
            }
        }
        return null;
    }
}
