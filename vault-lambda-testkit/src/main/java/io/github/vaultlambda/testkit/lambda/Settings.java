package io.github.vaultlambda.testkit.lambda;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What an execution environment is made of. */
public record Settings(
        Map<String, List<String>> extensions,
        @Nullable List<String> function,
        String handler,
        String functionName,
        String region,
        String accountId,
        int memorySize,
        Duration timeout,
        Duration initTimeout,
        Path workDirectory,
        Map<String, String> environment,
        BiConsumer<String, String> outputListener) {
    private static final List<String> INHERITED = List.of("PATH", "LANG", "HOME", "TMPDIR");

    String functionArn() {
        return "arn:aws:lambda:" + region + ":" + accountId + ":function:" + functionName;
    }

    boolean managedInstances() {
        return "lambda-managed-instances".equals(environment.get("AWS_LAMBDA_INITIALIZATION_TYPE"));
    }

    /** What the runtime gets. */
    Map<String, String> runtimeEnvironment(String api) {
        Map<String, String> variables = new LinkedHashMap<>(common(api));
        variables.put("_HANDLER", handler);
        variables.put("LAMBDA_TASK_ROOT", workDirectory.toString());
        variables.put("LAMBDA_RUNTIME_DIR", "/var/runtime");
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + functionName);
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/01/[$LATEST]00000000000000000000000000000000");
        variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_java17");
        variables.putAll(environment);
        return variables;
    }

    /** What extensions get: Lambda keeps from them what only the runtime needs. */
    Map<String, String> extensionEnvironment(String api) {
        Map<String, String> variables = new LinkedHashMap<>(common(api));
        variables.putAll(environment);
        return variables;
    }

    private Map<String, String> common(String api) {
        Map<String, String> variables = new LinkedHashMap<>();
        Map<String, String> own = System.getenv();
        for (String name : INHERITED) {
            String value = own.get(name);
            if (value != null) {
                variables.put(name, value);
            }
        }
        variables.put("AWS_LAMBDA_RUNTIME_API", api);
        variables.put("AWS_LAMBDA_FUNCTION_NAME", functionName);
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(memorySize));
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        variables.put("AWS_REGION", region);
        variables.put("AWS_DEFAULT_REGION", region);
        variables.put("TZ", ":UTC");
        return variables;
    }
}
