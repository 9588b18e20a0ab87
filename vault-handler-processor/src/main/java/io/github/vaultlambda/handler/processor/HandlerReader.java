package io.github.vaultlambda.handler.processor;

import io.github.vaultlambda.handler.processor.HandlerModel.HandlerMethod;
import io.github.vaultlambda.handler.processor.HandlerModel.Wrapper;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import org.jspecify.annotations.Nullable;

/** Reads a class with annotated members, and says all that is wrong with it. For one class. */
final class HandlerReader {
    private final Elements elements;
    private final Types types;
    private final Faults faults;
    private final Set<String> sources;
    private final TypeElement type;
    private final String wrapperName;
    private final MemberReader members;
    private final MethodReader methods;
    private final Reach reach;

    /**
     * For one class.
     *
     * @param sources the names of the outermost classes that are compiled now
     */
    HandlerReader(ProcessingEnvironment processing, Faults faults, Set<String> sources, TypeElement type) {
        this.elements = processing.getElementUtils();
        this.types = processing.getTypeUtils();
        this.faults = faults;
        this.sources = sources;
        this.type = type;
        this.wrapperName = Names.wrapper(elements, type);
        this.reach = new Reach(elements, elements.getPackageOf(type));
        this.members = new MemberReader(faults, new SecretTypes(reach));
        this.methods = new MethodReader(elements, types, faults, members, reach);
    }

    /** What is to be written; null when there are faults. */
    @Nullable
    HandlerModel read() {
        if (!isClassToUse()) {
            return null;
        }
        List<SecretMember> fields = type.getKind() == ElementKind.RECORD ? List.of() : fields();
        boolean isAbstract = type.getModifiers().contains(Modifier.ABSTRACT);
        boolean isBase = isSubclassOf(Names.BASE_HANDLER) || isSubclassOf(Names.BASE_STREAM_HANDLER);
        Wrapper wrapper = null;
        if (isAbstract || isBase) {
            refuseConstructorSecrets(isBase);
            if (isBase) {
                refuseMethodSecrets();
                AnnotationMirror function = Faults.annotation(type, Names.VAULT_FUNCTION);
                if (function != null) {
                    faults.error(
                            type,
                            function,
                            null,
                            "@VaultFunction says nothing here: give HandlerOptions to the"
                                    + " constructor of the superclass");
                }
            }
        } else {
            wrapper = wrapper();
        }
        List<String> injections = injections(fields);
        return faults.any() ? null : new HandlerModel(type, fields, injections, wrapper);
    }

    private boolean isClassToUse() {
        ElementKind kind = type.getKind();
        if (kind != ElementKind.CLASS && kind != ElementKind.RECORD) {
            faults.error(
                    type,
                    (Faults.annotation(type, Names.VAULT_FUNCTION) == null
                                    ? "@VaultSecret belongs into a class or a record"
                                    : "@VaultFunction belongs to a class or a record")
                            + ", and " + type.getSimpleName() + " is none");
            return false;
        }
        if (type.getNestingKind() == NestingKind.MEMBER && kind == ElementKind.CLASS && isInner()) {
            faults.error(
                    type,
                    type.getSimpleName() + " is an inner class, which only its outer object can make: make it static");
            return false;
        }
        String obstacle = reach.obstacle(type);
        if (obstacle != null) {
            faults.error(type, "the generated code cannot reach " + type.getSimpleName() + ", because " + obstacle);
            return false;
        }
        return true;
    }

    private boolean isInner() {
        Element around = type.getEnclosingElement();
        return !type.getModifiers().contains(Modifier.STATIC)
                && around != null
                && !around.getKind().isInterface();
    }

    private List<SecretMember> fields() {
        List<SecretMember> found = new ArrayList<>();
        for (VariableElement field : ElementFilter.fieldsIn(type.getEnclosedElements())) {
            AnnotationMirror annotation = Faults.annotation(field, Names.VAULT_SECRET);
            if (annotation == null || isOfConstructor(field)) {
                continue;
            }
            Set<Modifier> modifiers = field.getModifiers();
            String name = field.getSimpleName().toString();
            if (modifiers.contains(Modifier.STATIC)) {
                faults.error(field, name + " is static: a secret belongs to a handler object, so drop the static");
            }
            if (modifiers.contains(Modifier.FINAL)) {
                faults.error(
                        field,
                        name + " is final, so it cannot follow its secret: drop the final, or make it a parameter"
                                + " of the constructor");
            }
            if (modifiers.contains(Modifier.PRIVATE)) {
                faults.error(
                        field,
                        name + " is private, so the generated code cannot assign it: "
                                + (isKotlin() ? "write lateinit var or @JvmField" : "drop the private"));
            }
            SecretMember member = members.read(field, annotation);
            if (member != null) {
                found.add(member);
            }
        }
        return found;
    }

    /** Whether Kotlin put the annotation of a constructor's parameter on the property of that name as well. */
    private boolean isOfConstructor(VariableElement field) {
        if (!isKotlin() || !field.getModifiers().contains(Modifier.PRIVATE)) {
            return false;
        }
        for (ExecutableElement constructor : ElementFilter.constructorsIn(type.getEnclosedElements())) {
            for (VariableElement parameter : constructor.getParameters()) {
                if (parameter.getSimpleName().equals(field.getSimpleName())
                        && Faults.annotation(parameter, Names.VAULT_SECRET) != null) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isKotlin() {
        return Faults.annotation(type, "kotlin.Metadata") != null;
    }

    private void refuseConstructorSecrets(boolean isBase) {
        for (ExecutableElement constructor : ElementFilter.constructorsIn(type.getEnclosedElements())) {
            refuseSecrets(
                    constructor,
                    isBase
                            ? "cannot be a parameter of the constructor here, because Lambda makes this class itself: make it a field"
                            : "cannot be a parameter of the constructor here, because the class is abstract: the subclass's constructor"
                                    + " has it, or make it a field");
        }
    }

    private void refuseMethodSecrets() {
        for (ExecutableElement method : ElementFilter.methodsIn(type.getEnclosedElements())) {
            refuseSecrets(
                    method, "cannot be a parameter here, because Lambda calls this class itself: make it a field");
        }
    }

    private void refuseSecrets(ExecutableElement executable, String why) {
        for (VariableElement parameter : executable.getParameters()) {
            AnnotationMirror annotation = Faults.annotation(parameter, Names.VAULT_SECRET);
            if (annotation != null) {
                faults.error(parameter, annotation, null, parameter.getSimpleName() + " " + why);
            }
        }
    }

    private Wrapper wrapper() {
        List<SecretMember> constructor = constructor();
        List<String> interfaces = new ArrayList<>();
        List<HandlerMethod> called = new ArrayList<>();
        for (String name : new String[] {Names.REQUEST_HANDLER, Names.STREAM_HANDLER}) {
            DeclaredType handler = supertype(type.asType(), name);
            if (handler != null) {
                checkEvent(handler);
                interfaces.add(TypeText.of(handler));
                called.add(methods.ofInterface(handler));
            }
        }
        called.addAll(methods.named(type, !interfaces.isEmpty()));
        if (!type.getTypeParameters().isEmpty()) {
            faults.error(
                    type,
                    type.getSimpleName() + " has type parameters, so Lambda cannot know the event's type: annotate a"
                            + " subclass that says them with @VaultFunction, and make this class abstract");
        } else if (called.isEmpty() && !faults.any()) {
            faults.error(
                    type,
                    type.getSimpleName() + " is nothing that Lambda can call: implement RequestHandler or"
                            + " RequestStreamHandler, or have a public method with an event and perhaps a Context; a class that is only"
                            + " a superclass of handlers is abstract");
        }
        return new Wrapper(constructor, interfaces, called, options());
    }

    private void checkEvent(DeclaredType handler) {
        if (handler.getTypeArguments().isEmpty() && TypeText.raw(handler).equals(Names.REQUEST_HANDLER)) {
            faults.warning(
                    type,
                    type.getSimpleName() + " implements RequestHandler without saying of what, so events come as"
                            + " maps");
        }
        for (TypeMirror argument : handler.getTypeArguments()) {
            String obstacle = reach.obstacle(argument);
            if (obstacle != null) {
                faults.error(type, wrapperName + " cannot name " + TypeText.of(argument) + ": " + obstacle);
            }
        }
    }

    private List<SecretMember> constructor() {
        List<ExecutableElement> annotated = new ArrayList<>();
        List<ExecutableElement> empty = new ArrayList<>();
        for (ExecutableElement constructor : ElementFilter.constructorsIn(type.getEnclosedElements())) {
            for (VariableElement parameter : constructor.getParameters()) {
                if (annotation(parameter) != null) {
                    annotated.add(constructor);
                    break;
                }
            }
            if (constructor.getParameters().isEmpty()) {
                empty.add(constructor);
            }
        }
        if (annotated.size() > 1) {
            for (ExecutableElement constructor : annotated) {
                faults.error(
                        constructor,
                        "several constructors of " + type.getSimpleName() + " have @VaultSecret parameters:"
                                + " leave one");
            }
            return List.of();
        }
        List<ExecutableElement> usable = annotated.isEmpty() ? empty : annotated;
        if (usable.isEmpty()) {
            faults.error(
                    type,
                    type.getSimpleName() + " has no constructor that " + wrapperName + " can call: have one without"
                            + " parameters, or one whose parameters are all @VaultSecret");
            return List.of();
        }
        ExecutableElement constructor = usable.get(0);
        if (constructor.getModifiers().contains(Modifier.PRIVATE)) {
            faults.error(
                    constructor,
                    "the constructor of " + type.getSimpleName() + " is private, so " + wrapperName
                            + " cannot call it");
        }
        List<SecretMember> found = new ArrayList<>();
        for (VariableElement parameter : constructor.getParameters()) {
            AnnotationMirror annotation = annotation(parameter);
            if (annotation == null) {
                faults.error(
                        parameter,
                        parameter.getSimpleName() + " has no @VaultSecret, so " + wrapperName
                                + " does not know what to give to the constructor");
                continue;
            }
            SecretMember member = members.read(parameter, annotation);
            if (member != null) {
                found.add(member);
            }
        }
        return found;
    }

    /** That of a record's component stands at its field when the constructor is written out. */
    private @Nullable AnnotationMirror annotation(VariableElement parameter) {
        AnnotationMirror own = Faults.annotation(parameter, Names.VAULT_SECRET);
        if (own != null || type.getKind() != ElementKind.RECORD) {
            return own;
        }
        for (VariableElement field : ElementFilter.fieldsIn(type.getEnclosedElements())) {
            if (field.getSimpleName().equals(parameter.getSimpleName())) {
                return Faults.annotation(field, Names.VAULT_SECRET);
            }
        }
        return null;
    }

    private List<String> injections(List<SecretMember> own) {
        Deque<String> found = new ArrayDeque<>();
        TypeMirror above = type.getSuperclass();
        while (above.getKind() == TypeKind.DECLARED) {
            TypeElement superclass = (TypeElement) ((DeclaredType) above).asElement();
            if (hasSecretFields(superclass)) {
                String name = Names.beside(elements, superclass, Names.injection(elements, superclass));
                if (elements.getTypeElement(name) == null && !sources.contains(outermost(superclass))) {
                    faults.error(
                            type,
                            "the superclass " + superclass.getSimpleName() + " has @VaultSecret fields, but was"
                                    + " compiled without the annotation processor: compile it with vault-handler-processor");
                }
                found.addFirst(name);
            }
            above = superclass.getSuperclass();
        }
        if (!own.isEmpty()) {
            found.addLast(Names.beside(elements, type, Names.injection(elements, type)));
        }
        return List.copyOf(found);
    }

    private static boolean hasSecretFields(TypeElement of) {
        for (VariableElement field : ElementFilter.fieldsIn(of.getEnclosedElements())) {
            if (Faults.annotation(field, Names.VAULT_SECRET) != null) {
                return true;
            }
        }
        return false;
    }

    static String outermost(TypeElement of) {
        Element at = of;
        while (at.getEnclosingElement() instanceof TypeElement around) {
            at = around;
        }
        return ((TypeElement) at).getQualifiedName().toString();
    }

    private boolean isSubclassOf(String name) {
        return supertype(type.asType(), name) != null;
    }

    /** This supertype with its arguments as the class sees them; null when it is none. */
    private @Nullable DeclaredType supertype(TypeMirror of, String name) {
        if (SecretTypes.rawName(of).equals(name)) {
            return (DeclaredType) of;
        }
        for (TypeMirror above : types.directSupertypes(of)) {
            DeclaredType found = supertype(above, name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private String options() {
        StringBuilder code = new StringBuilder();
        AnnotationMirror function = Faults.annotation(type, Names.VAULT_FUNCTION);
        if (function == null) {
            return "";
        }
        for (String name : new String[] {"onFailure", "restore", "prefetch", "reserve"}) {
            AnnotationValue given = Faults.given(function, name);
            if (given == null) {
                continue;
            }
            code.append(".with")
                    .append(Character.toUpperCase(name.charAt(0)))
                    .append(name.substring(1))
                    .append('(');
            if (given.getValue() instanceof VariableElement constant) {
                code.append(TypeText.of(constant.asType())).append('.').append(constant.getSimpleName());
            } else if (name.equals("reserve")) {
                Duration reserve = MemberReader.duration(given.getValue().toString());
                if (reserve == null) {
                    faults.error(
                            type,
                            function,
                            given,
                            "reserve is \"" + given.getValue()
                                    + "\", which is no duration: write a number with a unit, such as 100ms or 2s");
                    reserve = Duration.ZERO;
                }
                code.append("java.time.Duration.ofMillis(")
                        .append(reserve.toMillis())
                        .append("L)");
            } else {
                code.append(given.getValue());
            }
            code.append(')');
        }
        return code.toString();
    }
}
