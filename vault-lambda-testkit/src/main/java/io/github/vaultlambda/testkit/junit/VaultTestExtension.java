package io.github.vaultlambda.testkit.junit;

import io.github.vaultlambda.testkit.FunctionVault;
import io.github.vaultlambda.testkit.StsEmulator;
import io.github.vaultlambda.testkit.VaultStandIn;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Resolves the parameters of tests with {@link VaultTest}, which registers it; JUnit's stores close what was made for them.
 * Thread-safe.
 */
public final class VaultTestExtension implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(VaultTestExtension.class);

    /** Made by JUnit. */
    public VaultTestExtension() {}

    /** So that a constructor gets the Vault of its test. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == FunctionVault.class
                || type == VaultStandIn.class
                || type == StsEmulator.class
                || fromEnvironment(type) != null;
    }

    @Override
    public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        FunctionVault vault = vault(VaultTestScope.of(context));
        Class<?> type = parameter.getParameter().getType();
        if (type == FunctionVault.class) {
            return vault;
        }
        if (type == VaultStandIn.class) {
            return vault.vault();
        }
        if (type == StsEmulator.class) {
            return vault.sts();
        }
        @Nullable Object made = make(type, vault.environment());
        // Under a key of its own, so that each is closed, and before the Vault, which was put there earlier.
        context.getStore(NAMESPACE).put(new Object(), made);
        return made;
    }

    @SuppressWarnings("deprecation") // its successor is not in JUnit 5
    private static FunctionVault vault(VaultTestScope scope) {
        return Objects.requireNonNull(scope.keeper()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(FunctionVault.class, key -> scope.start(), FunctionVault.class));
    }

    private static @Nullable Object make(Class<?> type, Map<String, String> environment) {
        Method maker = fromEnvironment(type);
        if (maker == null) {
            throw new IllegalArgumentException("not supported: " + type);
        }
        try {
            return maker.invoke(null, environment);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ParameterResolutionException(
                    type.getSimpleName() + " cannot be made from the variables: " + cause.getMessage(), cause);
        } catch (IllegalAccessException e) {
            throw new ParameterResolutionException(maker + " cannot be called", e);
        }
    }

    private static @Nullable Method fromEnvironment(Class<?> type) {
        try {
            Method method = type.getMethod("fromEnvironment", Map.class);
            return Modifier.isStatic(method.getModifiers()) && type.isAssignableFrom(method.getReturnType())
                    ? method
                    : null;
        } catch (NoSuchMethodException e) {
            return null;
        }
    }
}
