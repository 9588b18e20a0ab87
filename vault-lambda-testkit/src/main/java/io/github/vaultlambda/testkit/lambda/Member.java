package io.github.vaultlambda.testkit.lambda;

import io.github.vaultlambda.testkit.wire.Mint;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An extension in the environment; guarded by the state's lock. */
final class Member {
    final String name;
    final @Nullable ManagedProcess process;
    final String identifier = Mint.uuid();
    final Deque<String> events = new ArrayDeque<>();
    Set<String> wanted = Set.of();
    long registeredNanos;
    long readyNanos;
    boolean registered;
    boolean ready;
    /** Whether it is between two calls of event/next. */
    boolean busy;

    Member(String name, @Nullable ManagedProcess process) {
        this.name = name;
        this.process = process;
    }
}
