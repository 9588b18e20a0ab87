package io.github.vaultlambda.secrets.variables;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.log.Log;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.SecretReference;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Resolves references to secrets in the values of environment variables, for a process that is about to be started.
 *
 * <pre>
 * DB_PASSWORD=vault:secret/data/orders/db#password
 * DB_URL=postgres://orders:${vault:secret/data/orders/db#password}@db.example.com/orders
 * DB_LOGIN=vault:secret/data/orders/db                     the whole secret as JSON
 * TEMPLATE=$${vault:this/stays}                            becomes ${vault:this/stays}
 * </pre>
 *
 * <p>A value is a reference when it begins with {@code vault:}, unless only digits follow ({@code vault:8200} is a host and a port).
 * Within a value a reference stands in <code>${vault:...}</code>, any number of times. Everything else of a value stays as it is.
 *
 * <p>Variables are read once: what is resolved here stays as old as it is, until the process ends. The environment of a process that
 * runs cannot be changed any more, its own neither, and other programs of the same user can read it. In a program that can call this
 * library, {@link Secret} is the better way: it stays fresh. Files are, too ({@code SecretFiles}). Thread-safe.
 *
 * @see SecretReference
 */
public final class SecretVariables {
    private static final Log LOG = Log.of(SecretVariables.class);

    private final VaultSecrets vault;

    private SecretVariables(VaultSecrets vault) {
        this.vault = Objects.requireNonNull(vault, "vault");
    }

    /** Resolves with the secrets of this Vault. */
    public static SecretVariables of(VaultSecrets vault) {
        return new SecretVariables(vault);
    }

    /**
     * What variables refer to. Empty when there is nothing to resolve. Asks nobody.
     *
     * @param environment names and values; not changed
     * @return the variables that refer to secrets, in the order of their names, with their references in the order of their values
     * @throws SecretVariablesException when any reference is malformed, with all that are
     */
    public static Map<String, List<SecretReference>> references(Map<String, String> environment) {
        List<SecretVariablesException.Fault> faults = new ArrayList<>();
        Map<String, List<SecretReference>> references = new TreeMap<>();
        for (Map.Entry<String, Template> variable :
                templates(environment, faults).entrySet()) {
            references.put(variable.getKey(), List.copyOf(variable.getValue().references()));
        }
        if (!faults.isEmpty()) {
            throw new SecretVariablesException(faults);
        }
        return references;
    }

    /** As {@link #resolve(Map, Deadline)}, with the configured time-out. */
    public Map<String, String> resolve(Map<String, String> environment) {
        return resolve(environment, vault.session().client().newDeadline());
    }

    /**
     * The variables with secrets in the places of the references. The secrets are read side by side, each once, however many
     * variables refer to it.
     *
     * @param environment names and values; not changed
     * @param deadline until when to wait for Vault
     * @return a new unmodifiable map in the same order; the given one when there is nothing to resolve, and then Vault is not asked
     *     and no login made
     * @throws SecretVariablesException with all faults: malformed references, secrets and fields that do not exist or may not be
     *     read, fields that are no text, Vault out of reach
     * @throws VaultLoginException when Vault refuses the login
     */
    public Map<String, String> resolve(Map<String, String> environment, Deadline deadline) {
        List<SecretVariablesException.Fault> faults = new ArrayList<>();
        Map<String, Template> templates = templates(environment, faults);
        if (templates.isEmpty() && faults.isEmpty()) {
            return environment;
        }
        Map<SecretReference, Secret<SecretValue>> secrets = new LinkedHashMap<>();
        for (Template template : templates.values()) {
            for (SecretReference reference : template.references()) {
                secrets.computeIfAbsent(reference, each -> vault.secret(each, SecretValue.class));
            }
        }
        Map<String, String> resolved = filled(templates, answers(secrets, deadline), faults);
        if (!faults.isEmpty()) {
            faults.sort(Comparator.comparing(SecretVariablesException.Fault::variable));
            throw new SecretVariablesException(faults);
        }
        Map<String, String> all = new LinkedHashMap<>(environment);
        all.putAll(resolved);
        LOG.debug("Resolved references to secrets in {}", templates.keySet());
        return Collections.unmodifiableMap(all);
    }

    /** The values that have something to resolve, by their variables in the order of their names. */
    private static Map<String, Template> templates(
            Map<String, String> environment, List<SecretVariablesException.Fault> faults) {
        Map<String, Template> templates = new TreeMap<>();
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            try {
                Template template = Template.of(variable.getValue());
                if (template != null) {
                    templates.put(variable.getKey(), template);
                }
            } catch (IllegalArgumentException e) {
                faults.add(new SecretVariablesException.Fault(
                        variable.getKey(), null, String.valueOf(e.getMessage()), null));
            }
        }
        return templates;
    }

    /** What became of a reference: a text, or the reason why there is none. */
    private record Answer(
            @Nullable SecretValue text,
            String reason,
            @Nullable VaultException cause) {
        static Answer without(String reason) {
            return new Answer(null, reason, null);
        }
    }

    private Map<SecretReference, Answer> answers(Map<SecretReference, Secret<SecretValue>> secrets, Deadline deadline) {
        if (secrets.size() > 1) {
            try {
                vault.prefetch(deadline, secrets.values());
            } catch (VaultLoginException e) {
                throw e;
            } catch (VaultException e) {
                LOG.debug("Not all secrets of variables can be read: {}", e.getMessage());
            }
        }
        Map<SecretReference, Answer> answers = new HashMap<>();
        for (Secret<SecretValue> secret : secrets.values()) {
            answers.put(secret.reference(), answer(secret, deadline));
        }
        return answers;
    }

    private static Answer answer(Secret<SecretValue> secret, Deadline deadline) {
        SecretValue value;
        try {
            value = secret.get(deadline);
        } catch (VaultLoginException e) {
            throw e;
        } catch (VaultException e) {
            return new Answer(null, String.valueOf(e.getMessage()), e);
        }
        boolean json = switch (value.kind()) {
            case OBJECT, ARRAY -> true;
            case STRING, NUMBER, BOOLEAN, NULL -> false;
        };
        SecretReference reference = secret.reference();
        if (json && reference.field() != null) {
            return Answer.without(reference + " is no text: refer to a field within it");
        }
        String text = json ? value.revealJson() : value.reveal();
        return text.indexOf('\0') < 0
                ? new Answer(SecretValue.of(text), "", null)
                : Answer.without(reference + " has a NUL in it, which no variable can hold");
    }

    private static Map<String, String> filled(
            Map<String, Template> templates,
            Map<SecretReference, Answer> answers,
            List<SecretVariablesException.Fault> faults) {
        Map<String, String> resolved = new HashMap<>();
        for (Map.Entry<String, Template> variable : templates.entrySet()) {
            List<String> secrets = new ArrayList<>();
            for (SecretReference reference : variable.getValue().references()) {
                Answer answer = Objects.requireNonNull(answers.get(reference));
                SecretValue text = answer.text();
                if (text == null) {
                    faults.add(new SecretVariablesException.Fault(
                            variable.getKey(), reference, answer.reason(), answer.cause()));
                } else {
                    secrets.add(text.reveal());
                }
            }
            if (secrets.size() == variable.getValue().references().size()) {
                resolved.put(variable.getKey(), variable.getValue().filled(secrets));
            }
        }
        return resolved;
    }
}
