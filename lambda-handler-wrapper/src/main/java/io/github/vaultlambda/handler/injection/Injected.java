package io.github.vaultlambda.handler.injection;

import io.github.vaultlambda.handler.injection.SecretMembers.Member;
import io.github.vaultlambda.secrets.SecretValues;
import org.jspecify.annotations.Nullable;

/**
 * A handler and the set of values that it has. The same for all invocations until a value changes. Thread-safe.
 *
 * @param <H> the handler's class
 */
public final class Injected<H> {
    final Instance<H> instance;
    final SecretValues values;
    private final Member[] members;
    private final int firstOfMethods;

    Injected(Instance<H> instance, SecretValues values, Member[] members, int firstOfMethods) {
        this.instance = instance;
        this.values = values;
        this.members = members;
        this.firstOfMethods = firstOfMethods;
    }

    /** The handler. */
    public H handler() {
        return instance.handler;
    }

    /** The value of the parameter at this place of all annotated ones, or what is given when there is none. */
    public Object parameter(int index, @Nullable Object otherwise) {
        return MemberValues.value(members[firstOfMethods + index], values, otherwise);
    }

    /** To be called when the invocation that {@link Injector#enter} began is over. */
    public void exit() {
        instance.exit();
    }
}
