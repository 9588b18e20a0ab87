package io.github.vaultlambda.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.vaultlambda.auth.login.VaultLoginException;
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
        assertThat(failure.getMessage()).contains(where(failure));
        if (failure.status() >= 400) {
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

    /** For a login the auth method says where; a token that is used as a credential has none. */
    private static String where(VaultException failure) {
        if (!(failure instanceof VaultLoginException)) {
            return failure.path().replaceAll("/login$", "");
        }
        String mount = failure.mount();
        return mount.startsWith("auth/") && !mount.equals("auth/token") ? mount : "token";
    }

    /** As a logger prints it: all messages, causes and suppressed exceptions. */
    private static String everythingIn(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
