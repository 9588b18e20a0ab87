package io.github.vaultlambda.handler;

import io.github.vaultlambda.handler.injection.MemberValues;
import io.github.vaultlambda.handler.injection.SecretInjection;
import io.github.vaultlambda.handler.injection.SecretMembers;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** What the annotation processor would write for a class of a test. */
final class TestInjection<H> extends SecretInjection {
    private final Class<H> type;
    private final Consumer<SecretMembers> members;
    private final BiConsumer<H, MemberValues> fields;

    private TestInjection(Class<H> type, Consumer<SecretMembers> members, BiConsumer<H, MemberValues> fields) {
        this.type = type;
        this.members = members;
        this.fields = fields;
    }

    static <H> void register(Class<H> type, Consumer<SecretMembers> members, BiConsumer<H, MemberValues> fields) {
        register(type, new TestInjection<>(type, members, fields));
    }

    @Override
    protected void members(SecretMembers to) {
        members.accept(to);
    }

    @Override
    protected void inject(Object handler, MemberValues values) {
        fields.accept(type.cast(handler), values);
    }
}
