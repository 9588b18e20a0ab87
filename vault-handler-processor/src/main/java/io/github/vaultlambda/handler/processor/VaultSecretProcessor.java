package io.github.vaultlambda.handler.processor;

import io.github.vaultlambda.handler.processor.HandlerModel.Wrapper;
import java.io.IOException;
import java.io.Writer;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.FilerException;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import org.jspecify.annotations.Nullable;

/**
 * Writes, for each class with {@code @VaultSecret} members, the wrapper class whose name is the function's handler setting, and a
 * class that assigns the fields. What cannot work is an error at its place, all of them at once.
 *
 * <p>What is written for a class follows from that class and its superclasses alone, so Gradle runs it for changed classes only.
 */
@SupportedAnnotationTypes({Names.VAULT_SECRET, Names.VAULT_FUNCTION, Names.GENERATED})
public final class VaultSecretProcessor extends AbstractProcessor {
    private final Set<String> sources = new HashSet<>();
    /** The names of classes in which there are types that another processor may still write. */
    private final Set<String> deferred = new LinkedHashSet<>();

    /** For the compiler. */
    public VaultSecretProcessor() {}

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latest();
    }

    @Override
    @SuppressWarnings(
            "DoNotClaimAnnotations") // unclaimed ones are a warning of -Xlint:processing, in users' builds too
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        for (TypeElement root : ElementFilter.typesIn(round.getRootElements())) {
            sources.add(root.getQualifiedName().toString());
        }
        Set<TypeElement> classes = new LinkedHashSet<>();
        for (String name : deferred) {
            TypeElement type = processingEnv.getElementUtils().getTypeElement(name);
            if (type != null) {
                classes.add(type);
            }
        }
        deferred.clear();
        for (TypeElement annotation : annotations) {
            if (annotation.getQualifiedName().contentEquals(Names.GENERATED)) {
                continue; // only claimed, because it stands in what is written here
            }
            for (Element annotated : round.getElementsAnnotatedWith(annotation)) {
                TypeElement type = classAround(annotated);
                if (type != null) {
                    classes.add(type);
                }
            }
        }
        for (TypeElement type : classes) {
            if (Unresolved.isIn(type)) { // if it stays so, the compiler says it
                deferred.add(type.getQualifiedName().toString());
            } else {
                write(type);
            }
        }
        return true;
    }

    private static @Nullable TypeElement classAround(Element element) {
        Element at = element;
        while (at != null && !(at instanceof TypeElement)) {
            at = at.getEnclosingElement();
        }
        return (TypeElement) at;
    }

    private void write(TypeElement type) {
        Faults faults = new Faults(processingEnv.getMessager());
        HandlerModel model = new HandlerReader(processingEnv, faults, sources, type).read();
        if (model == null) {
            return;
        }
        Elements elements = processingEnv.getElementUtils();
        Sources code = new Sources(elements, model);
        if (!model.fields().isEmpty()) {
            write(type, Names.injection(elements, type), code.injection(), faults);
        }
        Wrapper wrapper = model.wrapper();
        if (wrapper != null) {
            write(type, Names.wrapper(elements, type), code.wrapper(wrapper), faults);
        }
    }

    private void write(TypeElement type, String simpleName, String code, Faults faults) {
        String name = Names.beside(processingEnv.getElementUtils(), type, simpleName);
        try (Writer file = processingEnv.getFiler().createSourceFile(name, type).openWriter()) {
            file.write(code);
        } catch (FilerException e) {
            faults.error(
                    type,
                    "there is a class " + name + " already, which is the name of what is generated for "
                            + type.getSimpleName() + ": rename it");
        } catch (IOException e) {
            faults.error(type, name + " cannot be written: " + e.getMessage());
        }
    }
}
