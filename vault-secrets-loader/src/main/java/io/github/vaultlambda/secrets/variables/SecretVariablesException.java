package io.github.vaultlambda.secrets.variables;

import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.secrets.SecretReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some variables refer to secrets that they cannot get. The message is one line that names every variable and its fault, and holds
 * no value of any; the causes are suppressed exceptions of this one, in the order of {@link #faults()}.
 */
public final class SecretVariablesException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient @Nullable List<Fault> faults;

    /**
     * A reference that could not be resolved.
     *
     * @param variable the name of the variable
     * @param reference what it refers to; null when that is malformed
     * @param reason why, as a sentence without its end
     * @param cause the failed read; null when the reference is malformed, or the secret is none that a variable can hold
     */
    public record Fault(
            String variable,
            @Nullable SecretReference reference,
            String reason,
            @Nullable VaultException cause) {}

    SecretVariablesException(List<Fault> faults) {
        super(message(faults));
        this.faults = List.copyOf(faults);
        for (Fault fault : faults) {
            VaultException cause = fault.cause();
            if (cause != null) {
                addSuppressed(cause);
            }
        }
    }

    /** Every fault, in the order of the variables' names; never empty. */
    public List<Fault> faults() {
        List<Fault> known = faults;
        return known == null ? List.of() : known; // null only after serialization
    }

    private static String message(List<Fault> faults) {
        StringBuilder text = new StringBuilder("References to secrets in variables have ");
        text.append(faults.size()).append(faults.size() == 1 ? " fault:" : " faults:");
        for (int i = 0; i < faults.size(); i++) {
            Fault fault = faults.get(i);
            text.append(" (")
                    .append(i + 1)
                    .append(") ")
                    .append(fault.variable())
                    .append(": ")
                    .append(fault.reason());
        }
        return text.toString();
    }
}
