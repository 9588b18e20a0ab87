package io.github.vaultlambda.secrets.files;

import java.util.List;

/**
 * Secret files could not be written. The message is one line that names each of them and why, and holds nothing of any secret;
 * the causes are suppressed exceptions of this one, in the order of {@link #faults()}.
 */
public final class SecretFilesException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<Fault> faults;

    /**
     * A file that could not be written.
     *
     * @param file which
     * @param cause why: a {@link io.github.vaultlambda.client.VaultException}, or an {@link java.io.IOException} whose message says
     *     it
     */
    public record Fault(SecretFile file, Exception cause) {}

    SecretFilesException(List<Fault> faults, int files) {
        super(message(faults, files));
        this.faults = List.copyOf(faults);
        for (Fault fault : faults) {
            addSuppressed(fault.cause());
        }
    }

    /** Each file that could not be written; never empty. */
    public List<Fault> faults() {
        return faults == null ? List.of() : faults; // null after it was serialized
    }

    private static String message(List<Fault> faults, int files) {
        StringBuilder text = new StringBuilder();
        text.append(faults.size()).append(" of ").append(files).append(files == 1 ? " secret file" : " secret files");
        text.append(" could not be written:");
        for (int i = 0; i < faults.size(); i++) {
            Fault fault = faults.get(i);
            text.append(" (").append(i + 1).append(") ").append(fault.file()).append(": ");
            text.append(fault.cause().getMessage());
        }
        return text.toString();
    }
}
