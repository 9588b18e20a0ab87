package io.github.vaultlambda.handler.injection;

import io.github.vaultlambda.handler.injection.SecretMembers.Member;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.SecretGroup;
import io.github.vaultlambda.secrets.SecretValues;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives each invocation a handler in which all values are of one set. When a value changes, the fields are assigned in place if no
 * other invocation is running; else a new handler is made for this and later invocations, as also for a parameter of the
 * constructor, and those that are running keep theirs. Thread-safe.
 *
 * @param <H> the handler's class
 */
public final class Injector<H> {
    private final HandlerRecipe<H> recipe;
    private final SecretInjection[] injections;
    private final int[] firstOf;
    private final Member[] members;
    private final int firstOfFields;
    private final int firstOfMethods;
    private final boolean hasArrays;
    private final List<Secret<?>> secrets = new ArrayList<>();
    private final SecretGroup group;
    private final boolean forgiving;

    /** Made before there were values; guarded by this. */
    private @Nullable Instance<H> early;

    private volatile @Nullable Injected<H> current;

    private Injector(VaultSecrets vault, HandlerRecipe<H> recipe, List<? extends Secret<?>> others, boolean forgiving) {
        this.recipe = recipe;
        this.injections = recipe.injections();
        this.firstOf = new int[injections.length];
        SecretMembers all = new SecretMembers(vault);
        recipe.constructor(all);
        this.firstOfFields = all.size();
        for (int i = 0; i < injections.length; i++) {
            firstOf[i] = all.size();
            injections[i].members(all);
        }
        this.firstOfMethods = all.size();
        recipe.methods(all);
        this.members = all.members();
        boolean arrays = false;
        for (int i = 0; i < members.length; i++) {
            secrets.add(members[i].secret());
            arrays |= members[i].array() && i >= firstOfFields && i < firstOfMethods;
        }
        this.hasArrays = arrays;
        secrets.addAll(others);
        List<Secret<?>> values = all.values();
        values.addAll(others);
        SecretGroup plain = vault.group(values);
        this.group = forgiving ? plain.forgiving() : plain;
        this.forgiving = forgiving;
    }

    /**
     * For handlers that are made as the recipe says; nothing is made or read yet.
     *
     * @param forgiving whether an invocation goes on with what is there when a secret cannot be had
     */
    public static <H> Injector<H> of(VaultSecrets vault, HandlerRecipe<H> recipe, boolean forgiving) {
        return new Injector<>(vault, recipe, List.of(), forgiving);
    }

    /**
     * For the one handler that there is.
     *
     * @param others secrets that must be there as well
     * @throws IllegalStateException when it has annotated fields for which no code was generated
     */
    public static <H> Injector<H> of(
            VaultSecrets vault, H handler, List<? extends Secret<?>> others, boolean forgiving) {
        return new Injector<>(vault, HandlerRecipe.of(handler), others, forgiving);
    }

    /** All secrets of the handler's members. */
    public List<Secret<?>> secrets() {
        return List.copyOf(secrets);
    }

    /** The secrets of those members that are values. */
    public SecretGroup group() {
        return group;
    }

    /** Whether a handler needs values to be made. */
    public boolean constructsWithValues() {
        return hasValue(0, firstOfFields);
    }

    /** Why parallel invocations could not each see one set of values; null when they can. */
    public @Nullable String faultWhenParallel() {
        return recipe.canRepeat() || !hasValue(firstOfFields, firstOfMethods)
                ? null
                : "parallel invocations cannot share one handler whose @VaultSecret fields are plain values, because a change"
                        + " would be seen in the midst of them: declare the fields as Secret<...>, or let the function's"
                        + " handler be the class that is generated for a plain handler, whose name ends with WithVault";
    }

    private boolean hasValue(int from, int to) {
        for (int i = from; i < to; i++) {
            if (members[i].position() >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Makes the handler now, for a recipe that needs no values for it. */
    public synchronized void createEarly() {
        if (early == null && current == null) {
            early = instance(null);
        }
    }

    /**
     * Begins an invocation with these values of the {@link #group()}, or newer ones; what it returns is to be exited.
     *
     * @throws IllegalStateException as {@link #faultWhenParallel()} says
     */
    public Injected<H> enter(SecretValues values) {
        while (true) {
            Injected<H> now = current;
            if (now == null || now.values != values) {
                now = turnTo(values);
            }
            if (hasArrays ? enterWithArrays(now) : now.instance.enter()) {
                if (now == current) {
                    return now;
                }
                now.exit(); // another set came meanwhile, perhaps into the same handler
            } else {
                awaitAssignment();
            }
        }
    }

    /**
     * Holds no values any more, as before the first invocation: the fields have what they were initialized with. For the moment before
     * a snapshot of the process, when no invocation runs; an invocation that runs all the same keeps its values.
     */
    public synchronized void forget() {
        Injected<H> now = current;
        if (now == null) {
            return;
        }
        current = null;
        if (now.instance.lockIfIdle()) {
            try {
                assign(now.instance, null);
            } finally {
                now.instance.unlock(0);
            }
        }
        early = constructsWithValues() ? null : now.instance;
    }

    /** Fields are assigned by one who holds the lock. */
    private synchronized void awaitAssignment() {}

    /** Arrays may be wiped by the invocation that has them, so each gets its own; those that run side by side share them. */
    private boolean enterWithArrays(Injected<H> now) {
        synchronized (this) {
            if (now == current && now.instance.lockIfIdle()) {
                int entered = 0;
                try {
                    assign(now.instance, now.values);
                    entered = 1;
                } finally {
                    now.instance.unlock(entered);
                }
                return true;
            }
            return now.instance.enter();
        }
    }

    private Injected<H> turnTo(SecretValues values) {
        Instance<H> outdated = null;
        Injected<H> next;
        synchronized (this) {
            Injected<H> now = current;
            if (now != null && (now.values == values || now.values.isNewerThan(values))) {
                return now;
            }
            if (now == null) {
                Instance<H> first = early == null ? instance(values) : early;
                assign(first, values);
                next = injected(first, values);
            } else if (isSame(now.values, values, 0, firstOfMethods)) {
                next = injected(now.instance, values);
            } else if (isSame(now.values, values, 0, firstOfFields) && now.instance.lockIfIdle()) {
                try {
                    assign(now.instance, values);
                    next = injected(now.instance, values);
                    current = next;
                } finally {
                    now.instance.unlock(0);
                }
            } else if (recipe.canRepeat()) {
                Instance<H> other = instance(values);
                assign(other, values);
                next = injected(other, values);
                outdated = now.instance;
            } else if (forgiving) {
                return now;
            } else {
                throw new IllegalStateException(now.handler().getClass().getName() + ": " + faultWhenParallel());
            }
            current = next;
        }
        if (outdated != null) {
            outdated.replace();
        }
        return next;
    }

    private Injected<H> injected(Instance<H> instance, SecretValues values) {
        return new Injected<>(instance, values, members, firstOfMethods);
    }

    private Instance<H> instance(@Nullable SecretValues values) {
        @Nullable Object[] initial = new @Nullable Object[members.length];
        try {
            return new Instance<>(recipe.create(new MemberValues(members, values, 0, initial, true)), members.length);
        } catch (Throwable e) {
            throw Thrown.asItIs(e);
        }
    }

    private boolean isSame(SecretValues one, SecretValues other, int from, int to) {
        for (int i = from; i < to; i++) {
            int position = members[i].position();
            if (position >= 0 && !one.isSame(position, other)) {
                return false;
            }
        }
        return true;
    }

    private void assign(Instance<H> instance, @Nullable SecretValues values) {
        for (int i = 0; i < injections.length; i++) {
            injections[i].inject(
                    instance.handler,
                    new MemberValues(members, values, firstOf[i], instance.initial, instance.isAssigned));
        }
        instance.isAssigned = true;
    }
}
