package io.github.vaultlambda.handler.injection;

import io.github.vaultlambda.handler.injection.SecretMembers.Member;
import io.github.vaultlambda.secrets.SecretValues;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What goes into some of a handler's members, by the order in which they were declared. For one thread. */
public final class MemberValues {
    private final Member[] members;
    /** Null when there are none: before the first, and when they are forgotten. */
    private final @Nullable SecretValues values;

    private final int first;
    private final @Nullable Object[] initial;
    private final boolean knowsInitial;

    /**
     * For members from one place on.
     *
     * @param initial what the handler's members were initialized with
     * @param knowsInitial whether that is known yet
     */
    MemberValues(
            Member[] members,
            @Nullable SecretValues values,
            int first,
            @Nullable Object[] initial,
            boolean knowsInitial) {
        this.members = members;
        this.values = values;
        this.first = first;
        this.initial = initial;
        this.knowsInitial = knowsInitial;
    }

    /** The value at this place, or what is given when there is none. */
    public Object value(int index, @Nullable Object otherwise) {
        return value(members[first + index], values, otherwise);
    }

    /** The value for the field at this place; when there is none, what the handler initialized it with. */
    public Object field(int index, @Nullable Object current) {
        if (!knowsInitial) {
            initial[first + index] = current;
        }
        return value(index, initial[first + index]);
    }

    @SuppressWarnings("NullAway") // null for members that may be null, which generated code cannot say
    static Object value(Member member, @Nullable SecretValues values, @Nullable Object otherwise) {
        if (member.position() < 0) {
            return member.secret();
        }
        Object value = values == null ? null : values.get(member.position());
        if (member.unwrapped() && value instanceof Optional<?> optional) {
            value = optional.orElse(null);
        }
        return value == null ? otherwise : value;
    }
}
