package io.github.vaultlambda.auth.awssdk;

import io.github.vaultlambda.auth.login.VaultLoginException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/** Turns what the SDK throws into our exception, so that callers of a session meet no other. */
final class SdkFailure {
    private static final int MAX_CHARS = 1_000;

    private SdkFailure() {}

    static VaultLoginException of(Object source, RuntimeException failure, String hint) {
        if (failure instanceof ApiCallTimeoutException) {
            return outOfTime(source, failure);
        }
        if (failure instanceof AwsServiceException refusal) {
            return VaultLoginException.withoutCredentials(
                    source + " gave none: AWS answered " + refusal.statusCode() + said(refusal.awsErrorDetails()),
                    hint,
                    refusal);
        }
        return VaultLoginException.withoutCredentials(
                source + " gave none: " + oneLine(failure.getMessage()), hint, failure);
    }

    static VaultLoginException outOfTime(Object source, @Nullable RuntimeException failure) {
        return VaultLoginException.withoutCredentials(
                source + " gave none in time",
                "check that the function's network reaches AWS STS; VAULT_CLIENT_TIMEOUT and the function's own time-out"
                        + " limit the wait",
                failure);
    }

    static VaultLoginException anonymous(Object source) {
        return VaultLoginException.withoutCredentials(
                source + " gave none that can sign", "anonymous credentials prove no role", null);
    }

    private static String said(@Nullable AwsErrorDetails details) {
        return details == null ? "" : " " + details.errorCode() + ": " + oneLine(details.errorMessage());
    }

    /** These texts end in logs. */
    private static String oneLine(@Nullable String text) {
        String line = text == null ? "no reason given" : text.strip().replaceAll("\\s+", " ");
        return line.length() > MAX_CHARS ? line.substring(0, MAX_CHARS) + "..." : line;
    }
}
