package io.github.vaultlambda.testkit.junit;

import io.github.vaultlambda.testkit.FunctionVault;
import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.platform.commons.support.AnnotationSupport;

/** Which {@link VaultTest}s hold for a place in the tests, and in which of JUnit's contexts their Vault is kept. */
final class VaultTestScope {
    /** From the outermost class to the test. */
    private final List<VaultTest> annotations;

    private final ExtensionContext keeper;

    private VaultTestScope(List<VaultTest> annotations, ExtensionContext keeper) {
        this.annotations = annotations;
        this.keeper = keeper;
    }

    /** The scope for what runs in this context. */
    static VaultTestScope of(ExtensionContext context) {
        List<VaultTest> annotations = new ArrayList<>();
        ExtensionContext keeper = context;
        @Nullable AnnotatedElement last = null;
        for (@Nullable ExtensionContext at = context;
                at != null;
                at = at.getParent().orElse(null)) {
            @Nullable AnnotatedElement element = at.getElement().orElse(null);
            // The contexts of a repeated test and of its repetitions have the same element.
            if (element == null || element.equals(last)) {
                continue;
            }
            last = element;
            @Nullable
            VaultTest annotation =
                    AnnotationSupport.findAnnotation(element, VaultTest.class).orElse(null);
            if (annotation == null) {
                continue;
            }
            if (annotation.lifecycle() == Lifecycle.PER_CLASS) {
                if (!annotations.isEmpty() || !(element instanceof Class)) {
                    throw new ExtensionConfigurationException("@VaultTest of " + context.getDisplayName()
                            + ": a method or nested class cannot change the Vault that a class shares");
                }
                keeper = at;
            }
            annotations.add(annotation);
        }
        Collections.reverse(annotations);
        return new VaultTestScope(annotations, keeper);
    }

    /** Where what belongs to this scope is kept, and closed in the end. */
    ExtensionContext keeper() {
        if (!isShared() && keeper.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException("each test has a Vault of its own, and this is no test: say"
                    + " @VaultTest(lifecycle = PER_CLASS) for one that the class shares");
        }
        return keeper;
    }

    private boolean isShared() {
        return annotations.stream().anyMatch(annotation -> annotation.lifecycle() == Lifecycle.PER_CLASS);
    }

    /** A new Vault as the annotations say. */
    FunctionVault start() {
        FunctionVault vault =
                annotations.stream().anyMatch(VaultTest::tls) ? FunctionVault.startTls() : FunctionVault.start();
        try {
            for (VaultTest annotation : annotations) {
                SecretFields.variables(annotation).forEach(vault::giveVariable);
                for (VaultTestSecret secret : annotation.value()) {
                    give(vault, secret);
                }
            }
            return vault;
        } catch (RuntimeException e) {
            vault.close();
            throw e;
        }
    }

    private static void give(FunctionVault vault, VaultTestSecret secret) {
        String path = SecretFields.path(secret);
        try {
            vault.giveSecret(path, SecretFields.of(secret));
        } catch (IllegalStateException e) {
            throw SecretFields.wrong(secret, "Vault does not take it: " + e.getMessage());
        }
    }
}
