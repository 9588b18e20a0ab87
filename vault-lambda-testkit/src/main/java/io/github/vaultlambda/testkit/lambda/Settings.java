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
        @Nullable Duration longestInit,
        Duration restoreTimeout,
        Path workDirectory,
        Map<String, String> environment,
        BiConsumer<String, String> outputListener) {
    /** The variable that says how the environment comes into being. */
    public static final String INITIALIZATION_TYPE = "AWS_LAMBDA_INITIALIZATION_TYPE";

    /** Its value for SnapStart. */
    public static final String SNAP_START = "snap-start";

    /** Its value for Managed Instances. */
    public static final String MANAGED_INSTANCES = "lambda-managed-instances";

    /** The variable that tells the runtime how many invocations it will get at a time. */
    public static final String MAX_CONCURRENCY = "AWS_LAMBDA_MAX_CONCURRENCY";

    private static final String LATEST = "$LATEST";
    private static final Duration ON_DEMAND_INIT = Duration.ofSeconds(10);
    // or the function's timeout, when that is longer
    private static final Duration AHEAD_INIT = Duration.ofSeconds(130);
    private static final List<String> INHERITED = List.of("PATH", "LANG", "HOME", "TMPDIR");

    String functionArn() {
        String arn = "arn:aws:lambda:" + region + ":" + accountId + ":function:" + functionName;
        return functionVersion().equals(LATEST) ? arn : arn + ":" + functionVersion();
    }

    /** SnapStart and Managed Instances run published versions alone. */
    String functionVersion() {
        return snapStart() || managedInstances() ? "1" : LATEST;
    }

    boolean managedInstances() {
        return MANAGED_INSTANCES.equals(environment.get(INITIALIZATION_TYPE));
    }

    boolean snapStart() {
        return SNAP_START.equals(environment.get(INITIALIZATION_TYPE));
    }

    /** How many invocations run at a time. */
    int concurrency() {
        return managedInstances() ? Integer.parseInt(environment.getOrDefault(MAX_CONCURRENCY, "1")) : 1;
    }

    Duration initTimeout() {
        if (longestInit != null) {
            return longestInit;
        }
        if (!snapStart() && !managedInstances()) {
            return ON_DEMAND_INIT;
        }
        return timeout.compareTo(AHEAD_INIT) > 0 ? timeout : AHEAD_INIT;
    }

    /** What the runtime gets. */
    Map<String, String> runtimeEnvironment(String api) {
        Map<String, String> variables = new LinkedHashMap<>(common(api));
        variables.put("_HANDLER", handler);
        variables.put("LAMBDA_TASK_ROOT", workDirectory.toString());
        variables.put("LAMBDA_RUNTIME_DIR", "/var/runtime");
        if (!snapStart()) { // which does not know yet where it will run
            variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + functionName);
            variables.put(
                    "AWS_LAMBDA_LOG_STREAM_NAME",
                    "2026/01/01/[" + functionVersion() + "]00000000000000000000000000000000");
        }
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
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", functionVersion());
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(memorySize));
        variables.put(INITIALIZATION_TYPE, "on-demand");
        variables.put("AWS_REGION", region);
        variables.put("AWS_DEFAULT_REGION", region);
        variables.put("TZ", ":UTC");
        return variables;
    }
}
