package io.github.vaultlambda.endtoend;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.vaultlambda.examples.Fingerprint;
import java.util.Map;
import java.util.TreeMap;

/** A function that knows nothing of Vault: its secrets are in its variables. */
public final class VariableFunction implements RequestHandler<Map<String, String>, Map<String, String>> {
    @Override
    public Map<String, String> handleRequest(Map<String, String> event, Context context) {
        Map<String, String> answer = new TreeMap<>();
        for (String name : event.keySet()) {
            String value = System.getenv(name);
            answer.put(name, value == null ? "unset" : Fingerprint.of(value));
        }
        answer.put("process", Long.toString(ProcessHandle.current().pid()));
        return answer;
    }
}
