package io.github.vaultlambda.handler.entry;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.handler.HandlerSetupException;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.SecretReference;
import io.github.vaultlambda.secrets.VaultSecrets;
import io.github.vaultlambda.secrets.variables.SecretVariables;
import io.github.vaultlambda.secrets.variables.SecretVariablesException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** System properties that follow secrets: those that variables refer to. Thread-safe. */
final class SecretProperties {
    private final SecretVariables variables;
    /** The variables that refer to secrets, as they are. */
    private final Map<String, String> referring;

    private final List<Secret<SecretValue>> secrets;
    /** The properties that were set here, in the place of none. */
    private final Set<String> mine = new HashSet<>();

    private final Object publishing = new Object();
    private volatile List<SecretValue> published = List.of();

    private SecretProperties(VaultSecrets vault, Map<String, String> environment) {
        this.variables = SecretVariables.of(vault);
        this.referring = new LinkedHashMap<>();
        Set<SecretReference> all = new LinkedHashSet<>();
        for (Map.Entry<String, List<SecretReference>> variable :
                SecretVariables.references(environment).entrySet()) {
            referring.put(variable.getKey(), environment.get(variable.getKey()));
            all.addAll(variable.getValue());
        }
        this.secrets = new ArrayList<>();
        for (SecretReference reference : all) {
            secrets.add(vault.secret(reference, SecretValue.class));
        }
    }

    /**
     * For all variables that refer to secrets.
     *
     * @throws HandlerSetupException when any does so in a malformed way
     */
    static SecretProperties of(VaultSecrets vault, Map<String, String> environment) {
        try {
            return new SecretProperties(vault, environment);
        } catch (SecretVariablesException e) {
            throw new HandlerSetupException(String.valueOf(e.getMessage()));
        }
    }

    /** What the variables refer to. */
    List<Secret<SecretValue>> secrets() {
        return secrets;
    }

    /**
     * Sets the properties, if any secret has changed since it was done last.
     *
     * @throws io.github.vaultlambda.client.VaultException when any secret cannot be had; then no property is changed
     * @throws SecretVariablesException the first time, and when one is there but cannot become text
     */
    @SuppressWarnings("ReferenceEquality") // the same list, not an equal one
    void publish() {
        List<SecretValue> last = published;
        if (!secrets.isEmpty() && (last.isEmpty() || !isSame(last))) {
            synchronized (publishing) {
                if (published == last) { // else another thread was quicker
                    published = set();
                }
            }
        }
    }

    /** Whether all are as they were; the same objects, as a rule. */
    private boolean isSame(List<SecretValue> last) {
        for (int i = 0; i < last.size(); i++) {
            if (!secrets.get(i).get().equals(last.get(i))) {
                return false;
            }
        }
        return true;
    }

    private List<SecretValue> set() {
        Map<String, String> resolved = variables.resolve(referring);
        List<SecretValue> values = new ArrayList<>();
        for (Secret<SecretValue> secret : secrets) {
            values.add(secret.get());
        }
        for (Map.Entry<String, String> variable : resolved.entrySet()) {
            System.setProperty(variable.getKey(), variable.getValue());
            String dotted = variable.getKey().toLowerCase(Locale.ROOT).replace('_', '.');
            if (mine.contains(dotted) || System.getProperty(dotted) == null) {
                mine.add(dotted);
                System.setProperty(dotted, variable.getValue());
            }
        }
        return values;
    }

    /** Takes the secrets out of the properties, until they are published again. */
    void forget() {
        synchronized (publishing) {
            if (!published.isEmpty()) {
                published = List.of();
                referring.keySet().forEach(System::clearProperty);
                mine.forEach(System::clearProperty);
            }
        }
    }

    /** The names of the variables; never a value. */
    @Override
    public String toString() {
        return "SecretProperties" + referring.keySet();
    }
}
