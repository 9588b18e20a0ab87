package io.github.vaultlambda.handler.processor;

import io.github.vaultlambda.handler.processor.HandlerModel.HandlerMethod;
import io.github.vaultlambda.handler.processor.HandlerModel.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import org.jspecify.annotations.Nullable;

/** Finds the methods that Lambda calls, of the interfaces or by their names. */
final class MethodReader {
    private static final String SHAPES =
            "Lambda calls methods with an event, an event and a Context, a Context, nothing, or an"
                    + " InputStream, an OutputStream and perhaps a Context";

    private final Elements elements;
    private final Types types;
    private final Faults faults;
    private final MemberReader members;
    private final Reach reach;

    MethodReader(Elements elements, Types types, Faults faults, MemberReader members, Reach reach) {
        this.elements = elements;
        this.types = types;
        this.faults = faults;
        this.members = members;
        this.reach = reach;
    }

    /** The methods that are called by their names; without secrets only when the class is a handler by no interface. */
    List<HandlerMethod> named(TypeElement type, boolean hasInterface) {
        List<HandlerMethod> found = new ArrayList<>();
        Map<String, ExecutableElement> shapes = new HashMap<>();
        Set<String> names = new HashSet<>();
        for (ExecutableElement method : ElementFilter.methodsIn(elements.getAllMembers(type))) {
            boolean annotated = isAnnotated(method);
            if (annotated ? !isCallable(method) : hasInterface || !isForLambda(type, method)) {
                continue;
            }
            HandlerMethod read = read(type, method, annotated);
            if (read == null) {
                continue;
            }
            StringBuilder shape = new StringBuilder(read.name());
            for (Parameter parameter : read.parameters()) {
                if (parameter.secret() == null) {
                    shape.append(' ').append(parameter.type());
                }
            }
            if (hasInterface && read.name().equals("handleRequest")) {
                faults.error(
                        method,
                        "handleRequest is called with what its interface says, so none of its parameters is a secret:"
                                + " make it a field or a parameter of the constructor");
                continue;
            }
            if (shapes.putIfAbsent(shape.toString(), method) != null) {
                faults.error(
                        method,
                        read.name() + " and another method are the same without their secrets: give this one"
                                + " another name");
                continue;
            }
            if (!names.add(read.name())) {
                faults.warning(
                        method,
                        "There are several methods " + read.name() + ", among which Lambda takes the one with"
                                + " the most parameters");
            }
            found.add(read);
        }
        return found;
    }

    private static boolean isAnnotated(ExecutableElement method) {
        for (VariableElement parameter : method.getParameters()) {
            if (Faults.annotation(parameter, Names.VAULT_SECRET) != null) {
                return true;
            }
        }
        return false;
    }

    /** Whether generated code can call this method with secrets. */
    private boolean isCallable(ExecutableElement method) {
        if (method.getModifiers().contains(Modifier.PRIVATE)) {
            faults.error(method, method.getSimpleName() + " is private, so the generated code cannot call it");
        } else if (method.getModifiers().contains(Modifier.STATIC)) {
            faults.error(
                    method, method.getSimpleName() + " is static: a method with secrets belongs to a handler object");
        } else if (!method.getTypeParameters().isEmpty()) {
            faults.error(
                    method, method.getSimpleName() + " has type parameters, so Lambda cannot know the event's type");
        } else {
            return true;
        }
        return false;
    }

    private boolean isForLambda(TypeElement type, ExecutableElement method) {
        Set<Modifier> modifiers = method.getModifiers();
        return modifiers.contains(Modifier.PUBLIC)
                && !modifiers.contains(Modifier.STATIC)
                && !modifiers.contains(Modifier.ABSTRACT)
                && method.getTypeParameters().isEmpty()
                && !isOfObject(type, method)
                && !isClose(method)
                && !isAccessor(type, method)
                && !(type.getKind() == ElementKind.RECORD
                        && method.getParameters().isEmpty())
                && isShapeOfLambda(method.getParameters())
                && reach.obstacle(method.getReturnType()) == null;
    }

    private boolean isOfObject(TypeElement type, ExecutableElement method) {
        TypeElement object = elements.getTypeElement("java.lang.Object");
        if (object.equals(method.getEnclosingElement())) {
            return true;
        }
        for (ExecutableElement known : ElementFilter.methodsIn(object.getEnclosedElements())) {
            if (elements.overrides(method, known, type)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isClose(ExecutableElement method) {
        return method.getSimpleName().contentEquals("close")
                && method.getParameters().isEmpty();
    }

    /** Whether it reads or writes a field with a secret, as Kotlin's properties have them. */
    private boolean isAccessor(TypeElement type, ExecutableElement method) {
        String name = method.getSimpleName().toString();
        if (!name.startsWith("get") && !name.startsWith("set")) {
            return false;
        }
        for (VariableElement field : ElementFilter.fieldsIn(elements.getAllMembers(type))) {
            if (Faults.annotation(field, Names.VAULT_SECRET) != null
                    && name.substring(3).equalsIgnoreCase(field.getSimpleName().toString())) {
                return true;
            }
        }
        return false;
    }

    private boolean isShapeOfLambda(List<? extends VariableElement> parameters) {
        int count = parameters.size();
        if (count <= 1) {
            return true;
        }
        boolean streams = is(parameters.get(0), "java.io.InputStream") && is(parameters.get(1), "java.io.OutputStream");
        return count == 2
                ? streams || (is(parameters.get(1), Names.CONTEXT) && !is(parameters.get(0), Names.CONTEXT))
                : count == 3 && streams && is(parameters.get(2), Names.CONTEXT);
    }

    private static boolean is(VariableElement parameter, String type) {
        return SecretTypes.rawName(parameter.asType()).equals(type);
    }

    private @Nullable HandlerMethod read(TypeElement type, ExecutableElement method, boolean annotated) {
        ExecutableType resolved = (ExecutableType) types.asMemberOf((DeclaredType) type.asType(), method);
        List<Parameter> parameters = new ArrayList<>();
        List<VariableElement> ofLambda = new ArrayList<>();
        boolean complete = true;
        for (int i = 0; i < method.getParameters().size(); i++) {
            VariableElement parameter = method.getParameters().get(i);
            TypeMirror declared = resolved.getParameterTypes().get(i);
            AnnotationMirror annotation = Faults.annotation(parameter, Names.VAULT_SECRET);
            SecretMember secret = null;
            String name = parameter.getSimpleName().toString();
            if (annotation == null) {
                // By their roles: names of the user might hide those that are written between them.
                name = is(parameter, Names.CONTEXT) ? "context" : ofLambda.isEmpty() ? "input" : "output";
                ofLambda.add(parameter);
                complete &= checkReach(method, parameter.getSimpleName().toString(), declared, annotated);
            } else {
                secret = members.read(parameter, annotation);
                complete &= secret != null;
            }
            parameters.add(new Parameter(name, TypeText.of(declared), secret));
        }
        complete &= checkReach(method, "what it returns", resolved.getReturnType(), annotated);
        if (annotated && !isShapeOfLambda(ofLambda)) {
            faults.error(
                    method,
                    method.getSimpleName() + " cannot be called by Lambda with the parameters that are no secrets: "
                            + SHAPES);
            return null;
        }
        return complete
                ? new HandlerMethod(
                        method.getSimpleName().toString(),
                        TypeText.of(resolved.getReturnType()),
                        parameters,
                        texts(resolved.getThrownTypes()),
                        null)
                : null;
    }

    private boolean checkReach(ExecutableElement method, String what, TypeMirror type, boolean told) {
        String obstacle = reach.obstacle(type);
        if (obstacle == null) {
            return true;
        }
        if (told) {
            faults.error(method, what + " has a type that the generated code cannot name: " + obstacle);
        }
        return false;
    }

    /** The method of an interface, with that one's arguments filled in. */
    HandlerMethod ofInterface(DeclaredType handler) {
        ExecutableElement declared = ElementFilter.methodsIn(handler.asElement().getEnclosedElements())
                .get(0);
        ExecutableType resolved = (ExecutableType) types.asMemberOf(handler, declared);
        List<? extends TypeMirror> parameterTypes = resolved.getParameterTypes();
        String[] names = parameterTypes.size() == 2
                ? new String[] {"input", "context"}
                : new String[] {"input", "output", "context"};
        List<Parameter> parameters = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            parameters.add(new Parameter(names[i], TypeText.of(parameterTypes.get(i)), null));
        }
        return new HandlerMethod(
                declared.getSimpleName().toString(),
                TypeText.of(resolved.getReturnType()),
                parameters,
                texts(resolved.getThrownTypes()),
                TypeText.of(handler));
    }

    private static List<String> texts(List<? extends TypeMirror> all) {
        List<String> texts = new ArrayList<>();
        for (TypeMirror one : all) {
            texts.add(TypeText.of(one));
        }
        return texts;
    }
}
