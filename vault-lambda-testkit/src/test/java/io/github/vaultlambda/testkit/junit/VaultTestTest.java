package io.github.vaultlambda.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.testkit.FunctionVault;
import io.github.vaultlambda.testkit.StsEmulator;
import io.github.vaultlambda.testkit.TestSecrets;
import io.github.vaultlambda.testkit.VaultStandIn;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The annotation as users put it; what goes wrong is in {@link VaultTestFailuresTest}. */
class VaultTestTest {
    private static final String DB = "secret/data/orders/db";
    private static final String MAIL = "secret/data/orders/mail";
    private static final String PASSWORD = "password-" + TestSecrets.MARKER;

    private static @Nullable Object read(FunctionVault vault, String path) {
        Map<?, ?> answer = vault.vault().read(path);
        return answer == null ? null : answer.get("data");
    }

    /** Stands for VaultSecrets, which the testkit does not know. */
    static final class Client implements AutoCloseable {
        static final Collection<Client> OPEN = ConcurrentHashMap.newKeySet();
        final Map<String, String> environment;

        private Client(Map<String, String> environment) {
            this.environment = environment;
            OPEN.add(this);
        }

        public static Client fromEnvironment(Map<String, String> environment) {
            return new Client(environment);
        }

        @Override
        public void close() {
            OPEN.remove(this);
        }
    }

    @Nested
    @VaultTest(
            value =
                    @VaultTestSecret(
                            path = DB,
                            fields = {"user=orders", "password=" + PASSWORD, "empty=", "sum=1=1"}),
            variables = {"STAGE=test", "VAULT_AUTH_ROLE=other"})
    class ForEachTest {
        private static final Set<VaultStandIn> SEEN = new HashSet<>();

        private final FunctionVault mine;

        ForEachTest(FunctionVault mine) {
            this.mine = mine;
        }

        @BeforeEach
        void isTheVaultOfItsTest(FunctionVault vault) {
            assertThat(vault).isSameAs(mine);
            assertThat(SEEN.add(vault.vault())).isTrue();
        }

        @AfterEach
        void isStillThere(FunctionVault vault) {
            assertThat(vault).isSameAs(mine);
            assertThat(read(vault, DB)).isNotNull();
        }

        @AfterAll
        static void closesWhatItMade() {
            assertThat(Client.OPEN).isEmpty();
        }

        @RepeatedTest(2)
        void hasItsSecrets(VaultStandIn vault, StsEmulator sts) {
            assertThat(read(mine, DB))
                    .isEqualTo(Map.of("user", "orders", "password", PASSWORD, "empty", "", "sum", "1=1"));
            assertThat(vault).isSameAs(mine.vault());
            assertThat(sts).isSameAs(mine.sts());
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void stepsAsideForOtherParameters(int number, FunctionVault vault) {
            assertThat(number).isPositive();
            assertThat(vault).isSameAs(mine);
        }

        @Test
        @VaultTest(@VaultTestSecret(path = MAIL, json = "{\"port\": 25, \"tls\": {\"on\": true}}"))
        void aMethodAddsItsOwn() {
            assertThat(read(mine, DB)).isNotNull();
            assertThat(read(mine, MAIL)).asString().contains("25", "{on=true}");
        }

        @Test
        @VaultTest(@VaultTestSecret(path = DB, fields = "user=other"))
        void aMethodReplacesOne() {
            assertThat(read(mine, DB)).isEqualTo(Map.of("user", "other"));
        }

        @Test
        void isMadeFromTheVariables(Client client, Client another) {
            assertThat(client).isNotSameAs(another);
            assertThat(client.environment.get("VAULT_ADDR"))
                    .isEqualTo(mine.vault().address().toString());
            assertThat(client.environment.get("STAGE")).isEqualTo("test");
            assertThat(client.environment.get("VAULT_AUTH_ROLE")).isEqualTo("other");
            assertThat(client.environment.keySet()).contains("AWS_ACCESS_KEY_ID");
            assertThat(Client.OPEN).contains(client, another);
        }

        @Nested
        @VaultTest(@VaultTestSecret(path = MAIL, fields = "user=mail"))
        class Inside {
            @Test
            void hasThoseAroundItToo(FunctionVault vault) {
                assertThat(read(vault, MAIL)).isEqualTo(Map.of("user", "mail"));
                assertThat(read(vault, DB)).isNotNull();
            }
        }
    }

    @Nested
    @VaultTest(
            value = @VaultTestSecret(path = DB, fields = "user=orders"),
            lifecycle = TestInstance.Lifecycle.PER_CLASS,
            tls = true)
    class ForTheClass {
        private static @Nullable FunctionVault shared;

        @BeforeAll
        static void isThereBeforeAll(FunctionVault vault) {
            shared = vault;
            assertThat(vault.vault().address()).hasScheme("https");
        }

        @RepeatedTest(2)
        void isShared(FunctionVault vault, Client client) {
            assertThat(vault).isSameAs(shared);
            assertThat(Client.OPEN).containsExactly(client);
            assertThat(client.environment.keySet()).contains("VAULT_CACERT_BYTES");
        }

        @Nested
        class Inside {
            @Test
            void isShared(FunctionVault vault) {
                assertThat(vault).isSameAs(shared);
            }
        }
    }
}
