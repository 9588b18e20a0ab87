package io.github.vaultlambda.contract;

import static io.github.vaultlambda.contract.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.auth.login.SecretSource;
import io.github.vaultlambda.auth.login.UserpassLogin;
import io.github.vaultlambda.auth.login.UserpassOptions;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.testkit.TestSecrets;
import org.junit.jupiter.api.Test;

/** Logins with a user name and a password. */
interface UserpassContract {
    Bench bench();

    @Test
    default void passwordLogsIn() {
        ContractSession session =
                session(options(OtherMethods.USER, bench().methods().password()));
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
        assertThat(session.logins()).isEqualTo(1);
        assertThat(session.token().ttl()).hasHours(1);
    }

    @Test
    default void passwordThatWasChangedIsRefused() {
        String old = TestSecrets.mint("old-");
        bench().methods().addUser("bob", old);
        ContractSession session = session(options("bob", old));
        session.token();
        bench().methods().addUser("bob", TestSecrets.mint("new-"));
        session.invalidate();
        assertUnknown(failureOf(VaultLoginException.class, session::token), "bob");
    }

    @Test
    default void unknownUserIsRefused() {
        ContractSession session = session(options("nobody", SecretsLedger.add(TestSecrets.mint("pw-"))));
        assertUnknown(failureOf(VaultLoginException.class, session::token), "nobody");
        assertThat(session.logins()).as("a refusal is not tried again").isEqualTo(1);
    }

    @Test
    default void userIsLockedAfterTooManyWrongPasswords() {
        String password = TestSecrets.mint("eve-");
        bench().methods().addUser("eve", password);
        String wrong = SecretsLedger.add(TestSecrets.mint("wrong-"));
        for (int i = 0; i < 5; i++) {
            assertUnknown(failureOf(VaultLoginException.class, session(options("eve", wrong))::token), "eve");
        }
        VaultLoginException locked = failureOf(VaultLoginException.class, session(options("eve", password))::token);
        assertThat(locked.status()).isEqualTo(403);
        assertThat(locked.errors()).containsExactly("permission denied");
        assertThat(locked.hint()).contains("locked");
    }

    @Test
    default void unknownUserpassMountIsRefused() {
        UserpassOptions options = options(OtherMethods.USER, bench().methods().password());
        VaultLoginException refused =
                failureOf(VaultLoginException.class, session(options.withMount("nowhere"))::token);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.mount()).isEqualTo("auth/nowhere");
        assertThat(refused.hint()).contains("VAULT_AUTH_PROVIDER", "userpass");
    }

    private static UserpassOptions options(String user, String password) {
        return UserpassOptions.of(user, SecretSource.of(SecretValue.of(password)));
    }

    private ContractSession session(UserpassOptions options) {
        return bench().session(new UserpassLogin(options));
    }

    private static void assertUnknown(VaultLoginException refused, String user) {
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.mount()).isEqualTo("auth/userpass");
        assertThat(refused.path()).isEqualTo("auth/userpass/login/" + user);
        assertThat(refused.errors()).containsExactly("invalid username or password");
        assertThat(refused.hint()).contains("VAULT_AUTH_USERNAME", "VAULT_AUTH_PASSWORD", user);
    }
}
