package io.github.vaultlambda.extension.cli;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.secrets.SecretFormatException;
import io.github.vaultlambda.secrets.variables.SecretVariablesException;
import java.util.Locale;

/** What the exit codes of commands mean; their numbers stay. */
enum ExitCode {
    OK(0, "done"),
    FAILED(1, "failed for another reason"),
    USAGE(2, "the command line is wrong"),
    CONFIGURATION(3, "variables are missing or malformed"),
    LOGIN(4, "Vault refused the login"),
    PERMISSION(5, "the policy does not allow the path"),
    NOT_FOUND(6, "there is no such secret or field"),
    UNAVAILABLE(7, "Vault or AWS cannot be reached, is sealed or not trusted");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    String meaning() {
        return meaning;
    }

    /** The name in JSON: {@code not-found}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static ExitCode of(RuntimeException failure) {
        if (failure instanceof VaultConfigException) {
            return CONFIGURATION;
        }
        if (failure instanceof VaultLoginException) {
            return LOGIN;
        }
        if (failure instanceof VaultPermissionException) {
            return PERMISSION;
        }
        if (failure instanceof VaultNotFoundException
                || (failure instanceof SecretFormatException misfit && misfit.isMissingField())) {
            return NOT_FOUND;
        }
        if (failure instanceof VaultUnavailableException) {
            return UNAVAILABLE;
        }
        return failure instanceof SecretVariablesException references ? ofFirst(references) : FAILED;
    }

    /** The doctor too has that of the first of several; the faults are in the order of the variables' names. */
    private static ExitCode ofFirst(SecretVariablesException failure) {
        SecretVariablesException.Fault first = failure.faults().get(0);
        VaultException cause = first.cause();
        if (cause != null) {
            return of(cause);
        }
        return first.reference() == null ? CONFIGURATION : FAILED;
    }

    /** Whether it is a failure that a user can do something about, and no fault of this program. */
    static boolean isExpected(RuntimeException failure) {
        return failure instanceof VaultException
                || failure instanceof VaultConfigException
                || failure instanceof SecretVariablesException;
    }
}
