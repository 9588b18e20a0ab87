package io.github.vaultlambda.testkit.lambda;

/** Hears what happens, in order. */
@FunctionalInterface
public interface Timeline {
    /** Something happened to a process; {@code type} is a name of LambdaEvent.Type. */
    void happened(String type, String process);
}
