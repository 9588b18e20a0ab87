package io.github.vaultlambda.extension.cli;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.secrets.SecretReference;
import java.util.List;
import java.util.Map;

/**
 * Looks at whether a token may do what is asked of it. Reads no secret, as that might make one.
 *
 * @see <a href="https://developer.hashicorp.com/vault/api-docs/system/capabilities-self">Vault: sys/capabilities-self</a>
 */
final class PolicyExamination {
    private static final String POLICY = "policy";

    private final VaultSession session;
    private final List<Finding> findings;

    PolicyExamination(VaultSession session, List<Finding> findings) {
        this.session = session;
        this.findings = findings;
    }

    /**
     * Looks at one secret.
     *
     * @param user the file or variable that it is for
     */
    void examine(SecretReference reference, String user) {
        String path = reference.path();
        String forWhom = path + " for " + user;
        try {
            String inKv2 = withData(path);
            if (isAllowed(reference, path) || (!inKv2.equals(path) && isAllowed(reference, inKv2))) {
                findings.add(Finding.ok(POLICY, forWhom + " is allowed"));
            } else {
                findings.add(Finding.failed(
                        POLICY,
                        forWhom + " is not allowed",
                        "add to a policy of the role: path \"" + path + "\" { capabilities = [\"read\"] }"
                                + (inKv2.equals(path) ? "" : "; in a KV v2 engine the path is " + inKv2),
                        ExitCode.PERMISSION));
            }
        } catch (VaultException e) {
            findings.add(Finding.skipped(POLICY, forWhom + ": Vault does not tell, " + e.getMessage()));
        }
    }

    private boolean isAllowed(SecretReference reference, String path) {
        VaultResponse answer = session.client()
                .sendUnhealed(
                        VaultRequest.post(
                                "sys/capabilities-self",
                                SecretValue.of(Map.of("paths", SecretValue.of(List.of(SecretValue.of(path)))))),
                        session.client().newDeadline());
        SecretValue told = answer.data() == null ? answer.body() : answer.data();
        List<String> capabilities = told.texts(path);
        boolean writes = reference.toString().indexOf('?') > 0; // with parameters, which may be sent by POST
        return capabilities.contains("root")
                || capabilities.contains("read")
                || (writes && (capabilities.contains("update") || capabilities.contains("create")));
    }

    /** The path within a KV v2 engine, if its mount is the first segment. */
    private static String withData(String path) {
        int slash = path.indexOf('/');
        return slash < 0 || path.startsWith("data/", slash + 1)
                ? path
                : path.substring(0, slash) + "/data" + path.substring(slash);
    }
}
