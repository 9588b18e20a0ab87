package io.github.vaultlambda.auth.login;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.fakes.Said;
import io.github.vaultlambda.fakes.ScriptedTransport;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A Vault that answers by a script, and short ways to log in to it. */
abstract class ScriptedLogin {
    static final String ACCEPTED = "{\"auth\":{\"client_token\":\"hvs.n0tf0rl0gs\",\"accessor\":\"accessor-1\","
            + "\"lease_duration\":3600,\"renewable\":true}}";
    static final String SECRET = "aa11bb22-n0tf0rl0gs-0123456789";

    final FakeClock clock = new FakeClock();
    final ScriptedTransport vault = new ScriptedTransport();

    VaultEndpoint endpoint() {
        URI address = URI.create("https://vault.example.com");
        return new VaultEndpoint(
                VaultConfig.builder().address(address).maxRetries(0).build(), vault.platform(clock));
    }

    Deadline deadline() {
        return Deadline.after(clock, Duration.ofSeconds(10));
    }

    VaultToken login(LoginMethod method) {
        return method.login(endpoint(), deadline());
    }

    /** What a login fails with when Vault answers it so; no secret of the tests is in there. */
    VaultLoginException refused(LoginMethod method, int status, String... texts) {
        vault.then(status, errors(texts));
        return refused(method);
    }

    VaultLoginException refused(LoginMethod method) {
        VaultLoginException refused = catchThrowableOfType(VaultLoginException.class, () -> login(method));
        assertThat(refused).isNotNull();
        assertThat(Said.by(refused)).doesNotContain("n0tf0rl0gs");
        assertThat(refused.errors().toString()).doesNotContain("n0tf0rl0gs");
        return refused;
    }

    static String errors(String... texts) {
        return SecretValue.of(Map.of(
                        "errors",
                        SecretValue.of(
                                List.of(texts).stream().map(SecretValue::of).toList())))
                .revealJson();
    }

    String body(int call) {
        return ScriptedTransport.body(vault.call(call));
    }

    SecretValue json(int call) throws IOException {
        return SecretValue.parse(body(call).getBytes(UTF_8));
    }

    static EnvironmentSettings settings(String... variables) {
        return EnvironmentSettings.of(map(variables));
    }

    static Map<String, String> map(String... pairs) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    /** The faults that reading these variables has. */
    static List<String> faults(Consumer<EnvironmentSettings> read, String... variables) {
        EnvironmentSettings settings = settings(variables);
        read.accept(settings);
        VaultConfigException thrown = catchThrowableOfType(VaultConfigException.class, settings::rejectFaults);
        assertThat(thrown).as("faults").isNotNull();
        assertThat(thrown.getMessage()).doesNotContain("n0tf0rl0gs");
        return thrown.faults();
    }
}
