package io.github.vaultlambda.config;

import java.util.List;

/**
 * The configuration has faults. Thrown before any network call; the message is one line that names every fault, each with
 * the variable, its value (never a secret one) and what to write instead. There is no stack trace: what is wrong lies in the
 * variables, and in Lambda's log the message shall be the line that is seen.
 */
public final class VaultConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String[] faults;

    VaultConfigException(List<String> faults) {
        super(message(faults), null, false, false);
        this.faults = faults.toArray(new String[0]);
    }

    /** Each fault as its own sentence, in the order in which they were found; never empty. */
    public List<String> faults() {
        return List.of(faults);
    }

    private static String message(List<String> faults) {
        StringBuilder text = new StringBuilder("Vault configuration has ");
        text.append(faults.size()).append(faults.size() == 1 ? " fault:" : " faults:");
        for (int i = 0; i < faults.size(); i++) {
            text.append(" (").append(i + 1).append(") ").append(faults.get(i));
        }
        return text.toString();
    }
}
