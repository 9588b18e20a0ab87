package io.github.vaultlambda.handler;

import com.amazonaws.services.lambda.runtime.Context;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.handler.injection.HandlerRecipe;
import io.github.vaultlambda.handler.injection.Injected;
import io.github.vaultlambda.handler.injection.Injector;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.SecretGroup;
import io.github.vaultlambda.secrets.SecretValues;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A handler whose annotated members have their secrets in each invocation. For generated code and decorators. Thread-safe.
 *
 * @param <H> the handler's class
 */
public final class AnnotatedHandler<H> {
    private final Injector<H> injector;
    private final Invocations invocations;
    private final SecretGroup group;
    private final boolean forgiving;

    private AnnotatedHandler(Injector<H> injector, Invocations invocations) {
        this.injector = injector;
        this.invocations = invocations;
        this.group = injector.group();
        this.forgiving = isForgiving(invocations.options());
        if (invocations.isSnapshotted()) {
            invocations.beforeSnapshot(injector::forget);
        }
    }

    private static boolean isForgiving(HandlerOptions options) {
        return options.onFailure() == FailurePolicy.CONTINUE;
    }

    /**
     * For a handler that is made as the recipe says: at once, with its secrets read at once as well if the options say so, or, when
     * its constructor needs secrets and they cannot be had now, by the first invocation.
     */
    public static <H> AnnotatedHandler<H> of(VaultSecrets vault, HandlerOptions options, HandlerRecipe<H> recipe) {
        return of(vault, options, recipe, HandlerEnvironment.variables());
    }

    static <H> AnnotatedHandler<H> of(
            VaultSecrets vault, HandlerOptions options, HandlerRecipe<H> recipe, Map<String, String> environment) {
        Injector<H> injector = Injector.of(Objects.requireNonNull(vault, "vault"), recipe, isForgiving(options));
        Invocations invocations = Invocations.of(vault, options, injector.secrets(), environment);
        AnnotatedHandler<H> handler = new AnnotatedHandler<>(injector, invocations);
        if (!injector.constructsWithValues()) {
            injector.createEarly();
        } else if (invocations.hasReadAhead()) {
            handler.createFromRead();
        }
        return handler;
    }

    /** For a handler that was made by somebody else, and needs other secrets besides those of its fields. */
    static <H> AnnotatedHandler<H> of(
            H given,
            VaultSecrets vault,
            HandlerOptions options,
            List<? extends Secret<?>> others,
            Map<String, String> environment) {
        Injector<H> injector;
        try {
            injector = Injector.of(vault, given, others, isForgiving(options));
        } catch (IllegalStateException e) { // whose message is all that there is to know
            throw new HandlerSetupException(String.valueOf(e.getMessage()));
        }
        String fault = injector.faultWhenParallel();
        if (fault != null && isParallel(environment)) {
            throw new HandlerSetupException(given.getClass().getName() + ": " + fault);
        }
        return new AnnotatedHandler<>(injector, Invocations.of(vault, options, injector.secrets(), environment));
    }

    /** Whether Lambda calls handlers from several threads (Managed Instances). */
    private static boolean isParallel(Map<String, String> environment) {
        String most = environment.getOrDefault("AWS_LAMBDA_MAX_CONCURRENCY", "");
        return !most.isEmpty() && !most.equals("0") && !most.equals("1");
    }

    Invocations invocations() {
        return invocations;
    }

    /** Only after a reading that went well: a failure would keep a forgiving group from Vault, and the first invocation with it. */
    private void createFromRead() {
        try {
            SecretValues values = group.get();
            if (values.failure() == null) {
                injector.enter(values).exit();
            }
        } catch (VaultException e) {
            // The first invocation tries again, and tells.
        }
    }

    /** One invocation while it runs. For the thread that it runs in. */
    public static final class Turn<H> {
        private final Injected<H> injected;
        private final Invocation invocation;

        Turn(Injected<H> injected, Invocation invocation) {
            this.injected = injected;
            this.invocation = invocation;
        }

        /** The handler to call. */
        public H handler() {
            return injected.handler();
        }

        /** The value of the method's parameter at this place of all annotated ones; what is given when there is none. */
        public Object parameter(int index, @Nullable Object otherwise) {
            return injected.parameter(index, otherwise);
        }

        /** To be called when the handler has been called, whatever came of it. */
        public void end() {
            injected.exit();
            invocation.end();
        }
    }

    /**
     * To be called before the handler; what it returns is to be ended after it.
     *
     * @throws VaultException when a secret cannot be had and the handler is not to be called
     */
    public Turn<H> begin(@Nullable Context context) {
        Invocation invocation = invocations.begin(context);
        Injected<H> injected = null;
        try {
            SecretValues values = group.atHand();
            injected = injector.enter(values == null ? look() : values);
            return new Turn<>(injected, invocation);
        } finally {
            if (injected == null) {
                invocation.end();
            }
        }
    }

    private SecretValues look() {
        if (!forgiving) {
            return group.get();
        }
        Deadline deadline = invocations.deadline(null);
        SecretValues values =
                group.get(deadline.within(deadline.remaining().dividedBy(2))); // the handler needs the rest
        VaultException failure = values.failure();
        if (failure == null) {
            invocations.succeeded();
        } else {
            invocations.failed(failure);
        }
        return values;
    }
}
