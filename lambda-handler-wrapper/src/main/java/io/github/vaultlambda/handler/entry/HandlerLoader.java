package io.github.vaultlambda.handler.entry;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.vaultlambda.handler.HandlerSetupException;
import io.github.vaultlambda.handler.injection.Thrown;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds and makes the handler that a handler setting names, by the rules of Lambda's Java runtime.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/java-handler.html">AWS: handler in Java</a>
 */
final class HandlerLoader {
    /** No bridges if there is anything else; then the more parameters the better, of which a context at the end counts twice. */
    private static final Comparator<Method> BEST_FIRST =
            Comparator.comparing(Method::isBridge).thenComparing(HandlerLoader::weight, Comparator.reverseOrder());

    private final String setting;
    private final Class<?> type;
    private final ClassLoader loader;

    private HandlerLoader(String setting, Class<?> type, ClassLoader loader) {
        this.setting = setting;
        this.type = type;
        this.loader = loader;
    }

    /**
     * Loads a handler.
     *
     * @param setting the name of a class, or {@code class::method}
     * @throws HandlerSetupException when there is none that Lambda could call
     */
    static RequestStreamHandler load(String setting, ClassLoader loader) {
        int colons = setting.lastIndexOf("::");
        String className = colons < 0 ? setting : setting.substring(0, colons);
        String method = colons < 0 ? null : setting.substring(colons + 2);
        if (className.isEmpty() || (method != null && method.isEmpty())) {
            throw fault(setting, "write the name of a class, or class::method");
        }
        if (className.equals(VaultEntryHandler.class.getName())) {
            throw fault(setting, "write the handler that is to be called, and not the one that calls it");
        }
        try {
            HandlerLoader found = new HandlerLoader(setting, Class.forName(className, true, loader), loader);
            return method == null ? found.ofClass() : found.ofMethod(method);
        } catch (ClassNotFoundException e) {
            throw fault(setting, "there is no class " + className + " on the class path of the function");
        }
    }

    private static HandlerSetupException fault(String setting, String fault) {
        return new HandlerSetupException(VaultEntryHandler.HANDLER + " is \"" + setting + "\": " + fault);
    }

    private HandlerSetupException fault(String fault) {
        return fault(setting, fault);
    }

    private RequestStreamHandler ofClass() {
        if (RequestStreamHandler.class.isAssignableFrom(type)) {
            return (RequestStreamHandler) newInstance();
        }
        if (!RequestHandler.class.isAssignableFrom(type)) {
            throw fault(
                    type.getName() + " is neither a RequestHandler nor a RequestStreamHandler; to call a method of it,"
                            + " write " + type.getName() + "::method");
        }
        Type[] types = GenericTypes.of(type, RequestHandler.class);
        if (types == null || isUnbound(types[0]) || isUnbound(types[1])) {
            throw fault(type.getName() + " does not say which types its RequestHandler has");
        }
        @SuppressWarnings("unchecked") // as its generic types say
        RequestHandler<Object, Object> handler = (RequestHandler<Object, Object>) newInstance();
        return pojos(types[0], types[1], handler::handleRequest);
    }

    private static boolean isUnbound(Type argument) {
        if (argument instanceof TypeVariable<?> variable) {
            for (Type bound : variable.getBounds()) {
                if (bound != Object.class) {
                    return false;
                }
            }
            return true;
        }
        return false;
    }

    private RequestStreamHandler ofMethod(String name) {
        List<Method> methods = new ArrayList<>();
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name)) {
                methods.add(method);
            }
        }
        methods.sort(BEST_FIRST);
        for (Method method : methods) {
            MethodForm form = MethodForm.of(method);
            if (form != null) {
                Object target = Modifier.isStatic(method.getModifiers()) ? null : newInstance();
                if (form.isOfStreams()) {
                    return new StreamMethod(method, target, form);
                }
                return pojos(
                        form.event(),
                        method.getGenericReturnType(),
                        (event, context) -> form.call(method, target, event, null, context));
            }
        }
        throw fault(type.getName() + " has no public method " + name
                + " with parameters that Lambda can fill: the event, streams" + " in and out, a Context at the end");
    }

    private static int weight(Method method) {
        Class<?>[] parameters = method.getParameterTypes();
        boolean context = parameters.length > 0
                && parameters[parameters.length - 1] == com.amazonaws.services.lambda.runtime.Context.class;
        return parameters.length + (context ? 1 : 0);
    }

    private RequestStreamHandler pojos(@Nullable Type event, Type answer, PojoHandler.Target target) {
        boolean isVoid = answer == void.class || answer == Void.class;
        try {
            return new PojoHandler(new PojoSerializers(loader), event, isVoid ? null : answer, target);
        } catch (NoClassDefFoundError e) {
            throw fault(
                    "com.amazonaws:aws-lambda-java-serialization is not on the class path; the managed Java runtimes have it,"
                            + " to a container image it is to be added (" + e.getMessage() + " is missing)");
        }
    }

    private Object newInstance() {
        Constructor<?> constructor;
        try {
            constructor = type.getConstructor();
        } catch (NoSuchMethodException e) {
            throw fault(
                    type.getEnclosingClass() != null && !Modifier.isStatic(type.getModifiers())
                            ? type.getName() + " is an inner class: make it static"
                            : type.getName() + " has no public constructor without parameters");
        }
        try {
            return constructor.newInstance();
        } catch (InvocationTargetException e) {
            throw Thrown.asItIs(e.getCause() == null ? e : e.getCause());
        } catch (InstantiationException e) {
            throw fault(type.getName() + " is abstract");
        } catch (IllegalAccessException e) {
            throw fault(type.getName() + " is not public");
        }
    }
}
