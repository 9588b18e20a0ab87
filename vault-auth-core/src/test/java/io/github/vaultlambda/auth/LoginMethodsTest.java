package io.github.vaultlambda.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.fakes.AwsAnswers;
import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.fakes.ScriptedTransport;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginMethodsTest {
    private static LoginMethod with(String... variables) {
        Map<String, String> environment = new HashMap<>();
        environment.put("VAULT_AUTH_PROVIDER", "aws");
        environment.put("VAULT_AUTH_ROLE", "orders");
        environment.put("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE");
        environment.put("AWS_SECRET_ACCESS_KEY", "n0tf0rl0gs-key");
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return read(environment);
    }

    private static LoginMethod read(Map<String, String> environment) {
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        LoginMethod login = LoginMethods.read(settings, Platform.system());
        settings.rejectFaults();
        return login;
    }

    @Test
    void awsIamIsTheDefault() {
        assertThat(with().describe())
                .isEqualTo("role orders at auth/aws (AWS IAM, signed for sts.amazonaws.com in us-east-1)");
    }

    @Test
    void signsForTheStsEndpointAskedFor() {
        assertThat(with("VAULT_STS_ENDPOINT_REGION", "eu-west-1").describe())
                .endsWith("(AWS IAM, signed for sts.eu-west-1.amazonaws.com in eu-west-1)");
    }

    @ParameterizedTest
    @CsvSource({
        "aws, aws",
        "/aws, aws",
        "aws/, aws",
        "//team//aws//, team/aws",
        "team/a/aws, team/a/aws",
        "' aws-dev/eu ', aws-dev/eu",
    })
    void cleansTheMount(String text, String expected) {
        assertThat(with("VAULT_AUTH_PROVIDER", text).describe()).contains("at auth/" + expected + " (");
    }

    @Test
    void aMountOfNothingButSlashesIsAFault() {
        assertThatThrownBy(() -> with("VAULT_AUTH_PROVIDER", "//"))
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("VAULT_AUTH_PROVIDER is \"//\"");
    }

    @Test
    void assumesTheRoleThatIsConfigured() {
        ScriptedTransport network = new ScriptedTransport()
                .then(200, AwsAnswers.assumedRole("2026-03-01T13:00:00Z"))
                .then(200, "{\"auth\":{\"client_token\":\"hvs.n0tf0rl0gs\",\"lease_duration\":60}}");
        Platform platform = network.platform(new FakeClock());
        EnvironmentSettings settings = EnvironmentSettings.of(Map.of(
                "VAULT_ADDR", "https://vault.example.com",
                "VAULT_AUTH_PROVIDER", "aws",
                "VAULT_AUTH_ROLE", "orders",
                "VAULT_ASSUMED_ROLE_ARN", "arn:aws:iam::123456789012:role/vault",
                "AWS_ACCESS_KEY_ID", "ASIAEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "n0tf0rl0gs-key"));
        VaultConfig config = VaultConfig.read(settings);
        VaultSession session = VaultSession.of(config, LoginMethods.read(settings, platform), platform);

        session.token(session.client().newDeadline());

        assertThat(network.call(0)).hasToString("POST https://sts.amazonaws.com/");
        assertThat(network.call(1)).hasToString("PUT https://vault.example.com/v1/auth/aws/login");
    }

    @Test
    void namesAllThatIsMissing() {
        assertThatThrownBy(() -> read(Map.of("AWS_LAMBDA_FUNCTION_NAME", "orders")))
                .isInstanceOf(VaultConfigException.class)
                .hasMessage(
                        "Vault configuration has 4 faults: (1) VAULT_AUTH_PROVIDER is missing: set it to the path of the"
                                + " AWS auth method in Vault, usually aws (2) VAULT_AUTH_ROLE is missing: set it to the role of the"
                                + " AWS auth method to log in as (3) AWS_ACCESS_KEY_ID is missing: Lambda sets it from the"
                                + " function's role; elsewhere set it by hand (4) AWS_SECRET_ACCESS_KEY is missing: Lambda sets"
                                + " it from the function's role; elsewhere set it by hand");
    }

    @Test
    void namesAllThatIsWrong() {
        assertThatThrownBy(() -> with("VAULT_STS_ENDPOINT_REGION", "Europe", "AWS_ENDPOINT_URL_STS", "localhost"))
                .isInstanceOf(VaultConfigException.class)
                .hasMessage(
                        "Vault configuration has 2 faults: (1) VAULT_STS_ENDPOINT_REGION is \"Europe\", which is no AWS"
                                + " region: write one such as eu-west-1 (2) AWS_ENDPOINT_URL_STS is \"localhost\", which is no http"
                                + " or https address: write one such as https://host.example.com");
    }

    // ------------------------------------------------------------------ the choice

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            AWS        | role orders at auth/aws (AWS IAM, signed for sts.amazonaws.com in us-east-1)
            aws-iam    | role orders at auth/aws (AWS IAM, signed for sts.amazonaws.com in us-east-1)
            jwt        | role orders at auth/aws (JWT)
            Kubernetes | role orders at auth/aws (Kubernetes, token from /var/run/secrets/kubernetes.io/serviceaccount/token)
            approle    | the role at auth/aws (AppRole, without secret id)
            cert       | role orders at auth/aws (TLS certificate)
            userpass   | user bob at auth/aws (password)
            token      | a given token
            example    | example login of VAULT_EXAMPLE
            """)
    void takesTheMethodAskedFor(String method, String description) {
        assertThat(with(
                                "VAULT_AUTH_METHOD", method,
                                "VAULT_AUTH_JWT", "n0tf0rl0gs",
                                "VAULT_APPROLE_ROLE_ID", "id",
                                "VAULT_CLIENT_CERT", "/c.pem",
                                "VAULT_CLIENT_KEY", "/k.pem",
                                "VAULT_AUTH_USERNAME", "bob",
                                "VAULT_AUTH_PASSWORD", "n0tf0rl0gs",
                                "VAULT_TOKEN", "n0tf0rl0gs",
                                "VAULT_EXAMPLE", "VAULT_EXAMPLE")
                        .describe())
                .isEqualTo(description);
    }

    @Test
    void eachMethodHasAMountOfItsOwn() {
        assertThat(read(Map.of("VAULT_AUTH_METHOD", "jwt", "VAULT_AUTH_JWT", "n0tf0rl0gs"))
                        .describe())
                .isEqualTo("the default role at auth/jwt (JWT)");
    }

    @Test
    void aTokenAloneIsTaken() {
        assertThat(read(Map.of("VAULT_TOKEN", "n0tf0rl0gs")).describe()).isEqualTo("a given token");
        assertThat(with("VAULT_TOKEN", "n0tf0rl0gs").describe()).contains("(AWS IAM,");
        assertThatThrownBy(() -> read(Map.of("VAULT_TOKEN", "n0tf0rl0gs", "VAULT_AUTH_ROLE", "orders")))
                .hasMessageContaining("VAULT_AUTH_PROVIDER is missing");
    }

    @Test
    void saysWhichMethodWasProbablyMeant() {
        assertThatThrownBy(() -> read(Map.of(
                        "VAULT_APPROLE_ROLE_ID",
                        "orders",
                        "AWS_LAMBDA_FUNCTION_NAME",
                        "orders",
                        "VAULT_AUTH_ROLE",
                        "x")))
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("VAULT_APPROLE_ROLE_ID is set, but VAULT_AUTH_METHOD is not: set it to approle");
        assertThat(with("VAULT_APPROLE_ROLE_ID", "orders").describe()).contains("(AWS IAM,");
    }

    @Test
    void theMountIsNamedWithoutAuth() {
        assertThatThrownBy(() -> with("VAULT_AUTH_PROVIDER", "auth/aws"))
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("VAULT_AUTH_PROVIDER is \"auth/aws\": leave auth/ out");
    }

    @Test
    void theJwtMayComeFromSts() {
        assertThat(with("VAULT_AUTH_METHOD", "jwt", "VAULT_AUTH_JWT_AUDIENCE", "vault", "AWS_REGION", "eu-west-1")
                        .describe())
                .contains("role orders at auth/aws");
        assertThatThrownBy(() -> with(
                        "VAULT_AUTH_METHOD", "jwt",
                        "VAULT_AUTH_JWT_AUDIENCE", "vault",
                        "VAULT_AUTH_JWT", "n0tf0rl0gs",
                        "AWS_REGION", "eu-west-1"))
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("both VAULT_AUTH_JWT_AUDIENCE and VAULT_AUTH_JWT are set");
    }

    @Test
    void anInstanceOfEc2MayLogIn() {
        assertThat(with("VAULT_AUTH_METHOD", "aws-ec2").describe())
                .contains("orders")
                .contains("EC2");
    }

    @Test
    void namesTheMethodsThereAre() {
        assertThatThrownBy(() -> with("VAULT_AUTH_METHOD", "github"))
                .isInstanceOf(VaultConfigException.class)
                .hasMessage(
                        "Vault configuration has 1 fault: (1) VAULT_AUTH_METHOD is \"github\": write one of aws, aws-ec2, jwt,"
                                + " kubernetes, approle, cert, userpass, token or, from a provider, example");
    }

    @Test
    void aProviderReportsItsFaults() {
        assertThatThrownBy(() -> with("VAULT_AUTH_METHOD", "example"))
                .isInstanceOf(VaultConfigException.class)
                .hasMessage("Vault configuration has 1 fault: (1) VAULT_EXAMPLE is missing: set it to the example");
    }

    @Test
    void aProvidersLoginLogsIn() {
        ScriptedTransport network = new ScriptedTransport()
                .then(200, "{\"auth\":{\"client_token\":\"hvs.n0tf0rl0gs\",\"lease_duration\":60}}");
        Platform platform = network.platform(new FakeClock());
        EnvironmentSettings settings = EnvironmentSettings.of(Map.of(
                "VAULT_ADDR", "https://vault.example.com",
                "VAULT_AUTH_METHOD", "example",
                "VAULT_EXAMPLE", "n0tf0rl0gs"));
        VaultConfig config = VaultConfig.read(settings);
        VaultSession session = VaultSession.of(config, LoginMethods.read(settings, platform), platform);

        session.token(session.client().newDeadline());

        assertThat(network.call(0)).hasToString("PUT https://vault.example.com/v1/auth/example/login");
    }

    /** Loads this library anew and writes down which of its classes that takes. */
    private static final class WatchingLoader extends ClassLoader {
        private final Set<String> loaded = new TreeSet<>();

        WatchingLoader() {
            super(LoginMethodsTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.github.vaultlambda.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                if (known != null) {
                    return known;
                }
                loaded.add(name.substring(name.lastIndexOf('.') + 1));
                try (InputStream file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                    byte[] bytes = Objects.requireNonNull(file).readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        }
    }

    @Test
    void theOtherMethodsCostTheDefaultNothing() throws Exception {
        WatchingLoader loader = new WatchingLoader();
        Class<?> settingsType = loader.loadClass(EnvironmentSettings.class.getName());
        Class<?> platformType = loader.loadClass(Platform.class.getName());
        Map<String, String> environment = Map.of(
                "VAULT_AUTH_PROVIDER", "aws",
                "VAULT_AUTH_ROLE", "orders",
                "AWS_ACCESS_KEY_ID", "ASIAEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "n0tf0rl0gs-key");

        Object login = loader.loadClass(LoginMethods.class.getName())
                .getMethod("read", settingsType, platformType)
                .invoke(
                        null,
                        settingsType.getMethod("of", Map.class).invoke(null, environment),
                        platformType.getMethod("system").invoke(null));

        assertThat(login.toString()).contains("(AWS IAM,");
        assertThat(loader.loaded)
                .contains("AwsIamLogin", "LoginMount")
                .noneMatch(name -> name.startsWith("Jwt")
                        || name.startsWith("Kubernetes")
                        || name.startsWith("AppRole")
                        || name.startsWith("Certificate")
                        || name.startsWith("Userpass")
                        || name.startsWith("Token")
                        || (name.startsWith("Secret") && !name.startsWith("SecretValue"))
                        || name.equals("ProvidedLogin"));
    }
}
