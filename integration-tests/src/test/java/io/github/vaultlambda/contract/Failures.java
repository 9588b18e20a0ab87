package io.github.vaultlambda.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.vaultlambda.client.VaultException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Calls that have to fail, and what holds for every failure: it says where and why, and gives no secret away. */
final class Failures {
    private Failures() {}

    /** The exception of exactly this class that the call ends with. */
    static <T extends VaultException> T failureOf(Class<T> type, ThrowingCallable call) {
        T failure = catchThrowableOfType(type, call);
        assertThat(failure).as("a failure was expected").isNotNull();
        assertThat(failure).isExactlyInstanceOf(type);
        // for a login the mount says where
        assertThat(failure.getMessage()).contains(failure.path().replaceAll("/login$", ""));
        if (failure.status() != 0) {
            assertThat(failure.getMessage()).contains(Integer.toString(failure.status()));
        }
        if (failure.hint() != null) {
            assertThat(failure.getMessage()).contains(failure.hint());
        }
        for (String error : failure.errors()) {
            assertThat(failure.getMessage()).contains(error);
        }
        assertThat(SecretsLedger.isLeakedBy(everythingIn(failure)))
                .as("whether the failure holds a secret")
                .isFalse();
        return failure;
    }

    /** As a logger prints it: all messages, causes and suppressed exceptions. */
    private static String everythingIn(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
