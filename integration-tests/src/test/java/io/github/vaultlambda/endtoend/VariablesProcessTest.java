package io.github.vaultlambda.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.vaultlambda.examples.Fingerprint;
import io.github.vaultlambda.testkit.InvocationResult;
import io.github.vaultlambda.testkit.LambdaEmulator;
import io.github.vaultlambda.testkit.LambdaInitException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The packaged wrapper, before a function that has its secrets in variables. */
final class VariablesProcessTest {
    @AutoClose
    private final Stage stage = new Stage();

    private Map<String, String> variables() {
        Map<String, String> variables = stage.variables();
        variables.put(
                "AWS_LAMBDA_EXEC_WRAPPER", Stage.layer().resolve("vault-exec").toString());
        variables.put("VAULT_MAX_RETRIES", "0");
        return variables;
    }

    @Test
    void runtimeHasSecretsInItsVariablesAndKeepsItsProcess() throws Exception {
        String password = stage.rotate();
        Map<String, String> variables = variables();
        variables.put("DB_PASSWORD", "vault:" + Stage.SECRET + "#password");
        variables.put("DB_URL", "db://${vault:" + Stage.SECRET + "#user}@hóst€ 'and' \"more\" $HOME\n\\n");
        variables.put("PLAIN", "as it is");
        try (LambdaEmulator lambda =
                Stage.function(VariableFunction.class, variables).build()) {
            lambda.init();
            ProcessHandle function = lambda.process(LambdaEmulator.FUNCTION);
            InvocationResult result = lambda.invoke("{\"DB_PASSWORD\":\"\",\"DB_URL\":\"\",\"PLAIN\":\"\"}");
            assertThat(result.payloadText())
                    .contains("\"DB_PASSWORD\":\"" + Fingerprint.of(password) + "\"")
                    .contains("\"DB_URL\":\"" + Fingerprint.of("db://orders@hóst€ 'and' \"more\" $HOME\n\\n") + "\"")
                    .contains("\"PLAIN\":\"" + Fingerprint.of("as it is") + "\"")
                    .contains("\"process\":\"" + function.pid() + "\"");
            String arguments = Files.readString(Path.of("/proc", Long.toString(function.pid()), "cmdline"));
            assertThat(arguments.contains(password)).isFalse();
            assertThat(List.of(arguments.split("\0", -1))).contains(VariableFunction.class.getName());
        }
        assertThat(stage.vault().loginCount()).isEqualTo(1);
    }

    @Test
    void runtimeDoesNotStartWhereAReferenceCannotBeResolved() {
        Map<String, String> variables = variables();
        variables.put("DB_PASSWORD", "vault:" + Stage.SECRET + "#none");
        variables.put("DB_USER", "vault:secret/data/none#user");
        try (LambdaEmulator lambda =
                Stage.function(VariableFunction.class, variables).build()) {
            assertThatExceptionOfType(LambdaInitException.class).isThrownBy(lambda::init);
            assertThat(lambda.output(LambdaEmulator.FUNCTION))
                    .filteredOn(line -> line.contains("[ERROR]"))
                    .singleElement()
                    .asString()
                    .contains("DB_PASSWORD", "DB_USER", "2 faults");
        }
    }

    @Test
    void runtimeStartsWithoutSecretsWhereThatIsAllowed() {
        stage.vault().seal();
        Map<String, String> variables = variables();
        variables.put("DB_PASSWORD", "vault:" + Stage.SECRET + "#password");
        variables.put("VAULT_EXEC_OPTIONAL", "true");
        try (LambdaEmulator lambda =
                Stage.function(VariableFunction.class, variables).build()) {
            lambda.init();
            assertThat(lambda.invoke("{\"DB_PASSWORD\":\"\"}").payloadText())
                    .contains(Fingerprint.of("vault:" + Stage.SECRET + "#password"));
        }
    }

    @Test
    void runtimeStartsAtOnceWhereThereIsNoReference() {
        Map<String, String> variables = variables();
        variables.remove("VAULT_ADDR");
        try (LambdaEmulator lambda =
                Stage.function(VariableFunction.class, variables).build()) {
            lambda.init();
            assertThat(lambda.invoke("{\"DB_PASSWORD\":\"\"}").payloadText()).contains("unset");
        }
        assertThat(stage.vault().requests()).isEmpty();
    }
}
