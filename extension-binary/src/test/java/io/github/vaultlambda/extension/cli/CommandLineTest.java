package io.github.vaultlambda.extension.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.testkit.FunctionVault;
import io.github.vaultlambda.testkit.TestSecrets;
import io.github.vaultlambda.testkit.VaultRequestLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command against a Vault that verifies its login. */
class CommandLineTest {
    private static final String PATH = "secret/data/orders/db";

    @TempDir
    Path directory;

    private final FunctionVault function = FunctionVault.start();
    private final String password = TestSecrets.mint("password-");
    private Map<String, String> environment = Map.of();
    private String out = "";
    private String err = "";

    @BeforeEach
    void setUp() {
        function.giveSecret(PATH, Map.of("user", "orders", "password", password));
        environment = function.environment();
        environment.put("VAULT_MAX_RETRIES", "0");
    }

    @AfterEach
    void tearDown() {
        function.close();
    }

    private int run(String... arguments) {
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        int code = CommandLine.run(
                List.of(arguments),
                environment,
                "vault-lambda-extension",
                new PrintStream(stdout, true, UTF_8),
                new PrintStream(stderr, true, UTF_8));
        out = stdout.toString(UTF_8);
        err = stderr.toString(UTF_8);
        return code;
    }

    private SecretValue json() throws IOException {
        assertThat(out).endsWith("}\n");
        return SecretValue.parse(out.getBytes(UTF_8));
    }

    private long revocations() {
        return function.vault().requests().stream()
                .map(VaultRequestLog::path)
                .filter(path -> path.equals("auth/token/revoke-self"))
                .count();
    }

    @Test
    void logsInAndSaysAsWhomAndLeavesNoTokenBehind() {
        assertThat(run("login")).isZero();
        assertThat(out)
                .contains("Logged in to " + function.vault().address())
                .contains("role orders at auth/aws", "accessor", "policies  default, orders")
                .doesNotContain("hvs.");
        assertThat(err).isEmpty();
        assertThat(revocations()).isOne();
    }

    @Test
    void printsTheTokenOnlyWhenItIsAskedForAndKeepsItThen() throws IOException {
        assertThat(run("login", "--json")).isZero();
        assertThat(json().field("token")).isNull();
        assertThat(json().texts("policies")).contains("orders");
        assertThat(json().text("accessor")).isNotBlank();
        assertThat(revocations()).isOne();

        assertThat(run("login", "--token")).isZero();
        String token = out.strip();
        assertThat(run("login", "--token", "--json")).isZero();
        assertThat(json().text("token")).isNotBlank().isNotEqualTo(token);
        assertThat(revocations()).isOne();
        environment = Map.of("VAULT_ADDR", function.vault().address().toString(), "VAULT_TOKEN", token);
        assertThat(run("read", PATH + "#user")).isZero();
        assertThat(out).isEqualTo("orders\n");
        assertThat(revocations())
                .as("a token that the user brought is the user's")
                .isOne();
    }

    @Test
    void readsAFieldOrAWholeSecret() throws IOException {
        assertThat(run("read", PATH + "#password")).isZero();
        assertThat(out.equals(password + "\n")).isTrue();
        assertThat(run("read", "-n", PATH + "#password")).isZero();
        assertThat(out.equals(password)).isTrue();
        assertThat(run("read", "vault:secret/orders/db")).isZero();
        assertThat(json().text("user")).isEqualTo("orders");
        assertThat(run("read", "--json", PATH)).isZero();
        assertThat(json().text("reference")).isEqualTo(PATH);
        assertThat(json().number("version", 0)).isOne();
        assertThat(Objects.requireNonNull(json().field("value")).text("user")).isEqualTo("orders");
        assertThat(revocations()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({
        "secret/data/orders/none, 5, permission", // the policy names the one path
        "secret/data/orders/db#none, 6, not-found",
    })
    void tellsWhyASecretCannotBeRead(String reference, int code, String type) throws IOException {
        assertThat(run("read", reference, "--json")).isEqualTo(code);
        SecretValue error = Objects.requireNonNull(json().field("error"));
        assertThat(error.text("type")).isEqualTo(type);
        assertThat(err).startsWith("vault-lambda-extension: ").contains("secret/data/orders");
        assertThat(revocations()).isOne();
    }

    @Test
    void tellsThatThereIsNoSuchSecret() {
        function.vault().readable("orders", "secret/*");
        assertThat(run("read", "secret/data/none")).isEqualTo(6);
        assertThat(out).isEmpty();
        assertThat(err).contains("secret/data/none");
    }

    @Test
    void tellsOfFaultsOfARefusedLoginAndOfAVaultOutOfReach() {
        environment.put("VAULT_AUTH_ROLE", "none");
        assertThat(run("login")).isEqualTo(4);
        assertThat(err).contains("VAULT_AUTH_ROLE");
        environment.put("VAULT_ADDR", "http://127.0.0.1:1");
        assertThat(run("login")).isEqualTo(7);
        environment.remove("VAULT_ADDR");
        environment.put("VAULT_CLIENT_TIMEOUT", "soon");
        assertThat(run("login")).isEqualTo(3);
        assertThat(err).contains("VAULT_ADDR is missing", "VAULT_CLIENT_TIMEOUT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown",
                "login --toke",
                "login too much",
                "read",
                "read a b",
                "read #",
                "exec",
                "exec program",
                "exec --",
                "exec --shell more",
                "doctor now",
                "version 2",
                "--unknown",
                "help unknown"
            })
    void refusesACommandLineThatIsWrong(String line) {
        assertThat(run(line.split(" ", -1))).isEqualTo(2);
        assertThat(out).isEmpty();
        assertThat(err)
                .startsWith("vault-lambda-extension: ")
                .contains("; see vault-lambda-extension ")
                .endsWith("help\n");
        assertThat(function.vault().requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"login", "read", "exec", "doctor", "version"})
    void helpsWithEachCommand(String command) {
        environment = Map.of();
        assertThat(run(command, "--help")).isZero();
        assertThat(out).startsWith("Usage: vault-lambda-extension " + command).contains("Exit codes:");
        String first = out;
        assertThat(run("help", command)).isZero();
        assertThat(out).isEqualTo(first);
        assertThat(run("--help")).isZero();
        assertThat(out).contains("\n  " + command + " ");
    }

    @Test
    void saysItsVersion() throws IOException {
        environment = Map.of();
        assertThat(run("version")).isZero();
        assertThat(out).startsWith("vault-lambda-extension ");
        assertThat(run("--version")).isZero();
        assertThat(run("version", "--json")).isZero();
        assertThat(json().text("name")).isEqualTo("vault-lambda-extension");
        assertThat(json().text("version")).isNotBlank();
    }

    @Test
    void printsWhatIsResolvedForAShell() {
        environment.put("DB_PASSWORD", "vault:" + PATH + "#password");
        environment.put("DB_URL", "db://${vault:" + PATH + "#user}:1");
        assertThat(run("exec", "--shell")).isZero();
        assertThat(out.equals("DB_PASSWORD=" + password + "\nDB_URL=db://orders:1\n"))
                .isTrue();
        assertThat(revocations()).as("leases may hang on the token").isZero();
    }

    @Test
    void asksVaultForNothingWhereAReferenceIsOnlyEscaped() {
        environment.put("TEMPLATE", "$${vault:stays}");
        assertThat(run("exec", "--shell")).isZero();
        assertThat(out).isEqualTo("TEMPLATE=${vault:stays}\n");
        assertThat(function.vault().requests()).isEmpty();
    }

    @Test
    void asksNobodyWhereThereIsNoReference() {
        environment = Map.of("VAULT_ADDR", "http://vault:8200", "HOST", "vault:8200");
        assertThat(run("exec", "--shell")).isZero();
        assertThat(out).isEmpty();
    }

    @Test
    void resolvesNothingWhereOneReferenceFailsUnlessThatIsAllowed() {
        environment.put("A", "vault:" + PATH + "#password");
        environment.put("B", "vault:" + PATH + "#none");
        assertThat(run("exec", "--shell")).isEqualTo(6);
        assertThat(out).isEmpty();
        environment.put("VAULT_EXEC_OPTIONAL", "true");
        assertThat(run("exec", "--shell")).isZero();
        assertThat(out).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "vault:secret/data/orders/none#x, 5", // the policy names the one path
        "vault:secret/data/orders/db#none, 6",
        "vault:secret/data/orders/db?ttl#x, 3", // no parameter of a reference
        "vault:secret/data/nul#k, 1", // there, but nothing for a variable
    })
    void tellsByTheExitCodeWhyAReferenceCannotBeResolved(String reference, int code) {
        function.giveSecret("secret/data/nul", Map.of("k", "a\0b"));
        environment.put("A", "vault:" + PATH + "#user");
        environment.put("B", reference);
        environment.put("C", "vault:" + PATH + "#none");
        assertThat(run("exec", "--shell")).isEqualTo(code);
        assertThat(run("exec", "--", "/none/such"))
                .as("the program is not even looked for")
                .isEqualTo(code);
        assertThat(err).contains(" B: ").doesNotContain("/none/such");
    }

    @Test
    void tellsByTheExitCodeThatNoReferenceCouldBeAskedFor() {
        environment.put("A", "vault:" + PATH + "#user");
        environment.put("VAULT_AUTH_ROLE", "none");
        assertThat(run("exec", "--", "/none/such")).isEqualTo(4);
        function.vault().seal();
        assertThat(run("exec", "--", "/none/such")).isEqualTo(7);
        environment.remove("VAULT_ADDR");
        assertThat(run("exec", "--", "/none/such")).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Cannot run program \"/x\": error=2, No such file or directory | true",
                "Cannot run program \"/x\": Exec failed, error: 2 (No such file or directory) | true",
                "Cannot run program \"/x\": error=13, Permission denied | false",
                "Cannot run program \"/x\": Exec failed, error: 13 (Permission denied) | false",
            })
    void tellsAMissingProgramFromOneThatCannotBeExecuted(String text, boolean isMissing) {
        assertThat(ExecCommand.isMissing(new IOException(text))).isEqualTo(isMissing);
    }

    @Test
    void startsAProgramAndPassesItsExitCodeOn() {
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("DB_USER", "vault:" + PATH + "#user");
        assertThat(run(
                        "exec",
                        "--",
                        "/bin/sh",
                        "-c",
                        "test \"$DB_USER\" = orders && test \"$1\" = 'a  b' && exit 7",
                        "x",
                        "a  b"))
                .isEqualTo(7);
        assertThat(run("exec", "--", "/none/such")).isEqualTo(127);
        assertThat(err).contains("/none/such cannot be started");
        assertThat(run("exec", "--", "/")).isEqualTo(126);
    }

    @Test
    void doctorFindsNothingWhereAllIsWell() throws IOException {
        environment.put("VAULT_SECRET_PATH", PATH);
        environment.put(
                "VAULT_SECRET_FILE", directory.resolve("new/secret.json").toString());
        environment.put("DB_PASSWORD", "vault:" + PATH + "#password");
        assertThat(run("doctor")).as(out).isZero();
        assertThat(out)
                .contains("no variable is missing or malformed")
                .contains("from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
                .contains("signed for sts.amazonaws.com in us-east-1")
                .contains("none is needed on this machine", "answers: version", "as Vault's, but for 0 s")
                .contains(PATH + " for DB_PASSWORD is allowed")
                .endsWith("Nothing failed.\n")
                .doesNotContain(TestSecrets.MARKER, environment.get("AWS_SECRET_ACCESS_KEY"));
        assertThat(revocations()).isOne();
        assertThat(run("doctor", "--json")).isZero();
        assertThat(json().isTrue("ok")).isTrue();
        assertThat(function.vault().requests())
                .as("no secret is read")
                .noneMatch(request -> request.path().equals(PATH));
    }

    @Test
    void doctorGoesOnAfterAFailure() throws IOException {
        environment.put("VAULT_SECRET_PATH", "secret/data/others/db");
        environment.put("VAULT_SECRET_FILE", "/proc/none/secret.json");
        environment.put("VAULT_MAX_RETRIES", "many");
        assertThat(run("doctor")).as("that of the first failure").isEqualTo(3);
        assertThat(out).contains("VAULT_MAX_RETRIES is \"many\"", "signed for sts.amazonaws.com");
        environment.put("VAULT_MAX_RETRIES", "0");
        assertThat(run("doctor")).isEqualTo(5);
        assertThat(out)
                .contains("secret/data/others/db for /proc/none/secret.json is not allowed")
                .contains("fix: add to a policy of the role: path \"secret/data/others/db\"");
        environment.put("VAULT_AUTH_ROLE", "none");
        assertThat(run("doctor")).isEqualTo(4);
        assertThat(out).contains("FAILED   login", "fix: ");
        function.vault().seal();
        assertThat(run("doctor", "--json")).isEqualTo(7);
        assertThat(out).contains("is sealed", "\"fix\":\"unseal it\"");
        assertThat(json().isTrue("ok")).isFalse();
        environment.put("VAULT_ADDR", "http://127.0.0.1:1");
        assertThat(run("doctor")).isEqualTo(7);
        assertThat(out).contains("skipped  login");
    }
}
