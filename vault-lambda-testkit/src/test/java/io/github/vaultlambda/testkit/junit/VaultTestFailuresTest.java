package io.github.vaultlambda.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.vaultlambda.testkit.FunctionVault;
import io.github.vaultlambda.testkit.TestSecrets;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** What a user reads when an annotation is wrong. Tests that fail on purpose are run from here alone. */
class VaultTestFailuresTest {
    private static final String PATH = "secret/data/orders/db";

    /** Cannot be made. */
    static final class Client {
        private Client() {}

        @SuppressWarnings("DoNotCallSuggester")
        public static Client fromEnvironment(Map<String, String> environment) {
            throw new IllegalStateException("a variable is missing among " + environment.size());
        }
    }

    @VaultTest
    static class Wrong {
        @Test
        @VaultTest(
                @VaultTestSecret(
                        path = PATH,
                        fields = {"user=orders", "password"}))
        void noValue(FunctionVault vault) {}

        @Test
        @VaultTest(
                @VaultTestSecret(
                        path = PATH,
                        fields = {"a=" + TestSecrets.MARKER, "a=2"}))
        void twice(FunctionVault vault) {}

        @Test
        @VaultTest(@VaultTestSecret(path = PATH))
        void nothing(FunctionVault vault) {}

        @Test
        @VaultTest(@VaultTestSecret(path = PATH, fields = "a=1", json = "{}"))
        void both(FunctionVault vault) {}

        @Test
        @VaultTest(@VaultTestSecret(path = PATH, json = "[\"" + TestSecrets.MARKER + "\"]"))
        void noObject(FunctionVault vault) {}

        @Test
        @VaultTest(@VaultTestSecret(path = PATH + "#password", fields = "a=1"))
        void field(FunctionVault vault) {}

        @Test
        @VaultTest(@VaultTestSecret(path = "kv/orders", fields = "a=1"))
        void noMount(FunctionVault vault) {}

        @Test
        @VaultTest(variables = TestSecrets.MARKER)
        void variable(FunctionVault vault) {}

        @Test
        void clientFails(Client client) {}
    }

    @VaultTest
    static class BeforeAllWithoutSharedVault {
        @BeforeAll
        static void early(FunctionVault vault) {}

        @Test
        void any() {}
    }

    @VaultTest(lifecycle = Lifecycle.PER_CLASS)
    static class Shared {
        @Test
        @VaultTest(@VaultTestSecret(path = PATH, fields = "a=1"))
        void own(FunctionVault vault) {}
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            noValue  | @VaultTestSecret at "secret/data/orders/db": field number 2 is not name=value
            twice    | @VaultTestSecret at "secret/data/orders/db": field a is there twice
            nothing  | @VaultTestSecret at "secret/data/orders/db": it has neither fields nor json
            both     | @VaultTestSecret at "secret/data/orders/db": it has fields and json: one of them
            noObject | @VaultTestSecret at "secret/data/orders/db": its json is no JSON object
            field    | @VaultTestSecret at "secret/data/orders/db#password": its path is to be one of Vault's API without a field
            noMount  | @VaultTestSecret at "kv/orders": Vault does not take it:
            variable | @VaultTest: variable number 1 is not name=value
            clientFails | Client cannot be made from the variables: a variable is missing among
            """)
    void saysWhatIsWrong(String method, String expected) {
        assertThat(failure(Wrong.class, method)).contains(expected).doesNotContain(TestSecrets.MARKER);
    }

    @Test
    void aVaultOfOneTestIsNotThereBeforeAll() {
        assertThat(failure(BeforeAllWithoutSharedVault.class, "any"))
                .contains("each test has a Vault of its own, and this is no test")
                .contains("@VaultTest(lifecycle = PER_CLASS)");
    }

    @Test
    void aSharedVaultIsNotChangedByAMethod() {
        assertThat(failure(Shared.class, "own")).contains("cannot change the Vault that a class shares");
    }

    private static String failure(Class<?> tests, String method) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(tests))
                                .filters(
                                        (PostDiscoveryFilter) descriptor -> FilterResult.includedIf(!descriptor.isTest()
                                                || descriptor.getDisplayName().startsWith(method + "(")))
                                .build(),
                        listener);
        return listener.getSummary().getFailures().stream()
                .map(failed -> String.valueOf(failed.getException().getMessage()))
                .findFirst()
                .orElse("nothing failed");
    }
}
