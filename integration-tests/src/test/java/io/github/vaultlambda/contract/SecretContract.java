package io.github.vaultlambda.contract;

import static io.github.vaultlambda.contract.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultRequestException;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.SecretFormatException;
import io.github.vaultlambda.secrets.VaultSecrets;
import io.github.vaultlambda.testkit.TestSecrets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Secrets of every engine, through the loader: which reference reads what, and what is said when it reads nothing. */
interface SecretContract {
    Bench bench();

    @Test
    default void fieldOfAVersionedSecretIsRead() {
        Secret<String> password = reader().secret(Bench.SECRET + "#password");
        assertThat(password.get()).isEqualTo(bench().password());
        assertThat(password.version()).isEqualTo(1);
        assertThat(password.state().stale()).isFalse();
    }

    @Test
    default void fieldOfAnUnversionedSecretIsRead() {
        Secret<String> password = reader().secret(Bench.OLD_SECRET + "#password");
        assertThat(password.get()).isEqualTo(bench().oldPassword());
        assertThat(password.version()).isNull();
        assertThat(password.expiresAt())
                .as("Vault's default lease time is a wish, not an end")
                .isNull();
    }

    @Test
    default void wholeSecretIsReadAsAMap() {
        Map<?, ?> login = reader().secret(Bench.SECRET, Map.class).get();
        assertThat(login.get("username")).isEqualTo("orders");
        assertThat(login.keySet()).hasSize(2);
    }

    @Test
    default void wholeAnswerIsReadAsItIs() {
        VaultResponse answer =
                reader().secret(Bench.SECRET, VaultResponse.class).get();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().fields()).containsKeys("request_id", "mount_type");
    }

    @Test
    default void pathIsUnderstoodAsItStandsInOtherPlaces() {
        VaultSecrets secrets = reader();
        for (String path : List.of("/" + Bench.SECRET, "v1/" + Bench.SECRET, "/v1/" + Bench.SECRET)) {
            assertThat(secrets.secret(path + "#password").get()).isEqualTo(bench().password());
        }
    }

    @Test
    default void versionedSecretIsFoundWithoutData() {
        for (String policy : List.of(Bench.POLICY, SecretsEngines.DATA_POLICY)) {
            ContractSession session = session(policy);
            VaultSecrets secrets = VaultSecrets.of(session.vaultSession());
            assertThat(secrets.secret(Bench.WITHOUT_DATA + "#password").get()).isEqualTo(bench().password());
            assertThat(secrets.secret(Bench.WITHOUT_DATA).version()).isEqualTo(1);
            assertThat(session.requests("sys/internal/ui/mounts/" + Bench.WITHOUT_DATA))
                    .isEqualTo(1);
        }
    }

    @Test
    default void explicitVersionOfTheEngineSparesTheQuestion() {
        ContractSession session = session(SecretsEngines.DATA_POLICY);
        VaultSecrets secrets = VaultSecrets.of(session.vaultSession());
        assertThat(secrets.secret(Bench.WITHOUT_DATA + "?kv=2#password").get()).isEqualTo(bench().password());
        assertThat(session.requests("sys/internal/ui/mounts/" + Bench.WITHOUT_DATA))
                .isZero();
    }

    @Test
    default void olderVersionIsReadByItsNumber() {
        bench().admin().writeVersioned(Bench.VERSIONED, "orders/versions", Map.of("text", "first"));
        bench().admin().writeVersioned(Bench.VERSIONED, "orders/versions", Map.of("text", "second"));
        VaultSecrets secrets = reader();
        assertThat(secrets.secret("apps/data/orders/versions#text").get()).isEqualTo("second");
        Secret<String> first = secrets.secret("apps/data/orders/versions?version=1#text");
        assertThat(first.get()).isEqualTo("first");
        assertThat(first.version()).isEqualTo(1);
        failureOf(VaultNotFoundException.class, secrets.secret("apps/data/orders/versions?version=9#text")::get);
    }

    @Test
    default void versionOfAnUnversionedSecretIsRefused() {
        failureOf(SecretFormatException.class, reader().secret(Bench.OLD_SECRET + "?version=1#password")::get);
    }

    @Test
    default void deletedAndDestroyedVersionsAreNotFound() {
        VaultNotFoundException deleted =
                failureOf(VaultNotFoundException.class, reader().secret(Bench.DELETED + "#password")::get);
        assertThat(deleted.hint()).contains("version 1", "was deleted at", "undelete");
        VaultNotFoundException destroyed =
                failureOf(VaultNotFoundException.class, reader().secret(SecretsEngines.DESTROYED + "#password")::get);
        assertThat(destroyed.hint()).contains("version 1", "destroyed for good");
    }

    @Test
    default void missingFieldIsNamedWithoutTheOthersValues() {
        SecretFormatException missing =
                failureOf(SecretFormatException.class, reader().secret(Bench.SECRET + "#pasword")::get);
        assertThat(missing.getMessage()).contains("pasword");
    }

    @Test
    default void forbiddenSecretIsRefused() {
        VaultPermissionException refused =
                failureOf(VaultPermissionException.class, reader().secret(Bench.FORBIDDEN + "#key")::get);
        assertThat(refused.hint()).contains("policy");
    }

    @Test
    default void secretOfNoMountIsRefused() {
        failureOf(VaultPermissionException.class, reader().secret("nowhere/data/orders/db#password")::get);
        failureOf(VaultPermissionException.class, reader().secret("nowhere/orders/db#password")::get);
    }

    @Test
    default void newVersionArrivesAfterItsTimeAndListenersAreTold() {
        String name = "orders/rotated-" + bench().engine().getClass().getSimpleName();
        String first = TestSecrets.mint("first-");
        String second = TestSecrets.mint("second-");
        bench().admin().writeVersioned(Bench.VERSIONED, name, Map.of("password", first));
        ContractSession session = session(Bench.POLICY);
        Secret<String> password = VaultSecrets.of(session.vaultSession()).secret("apps/data/" + name + "#password");
        List<Boolean> told = new ArrayList<>();
        password.onChange(change ->
                told.add(change.before().equals(first) && change.after().equals(second)));
        assertThat(password.get()).isEqualTo(first);
        bench().admin().writeVersioned(Bench.VERSIONED, name, Map.of("password", second));
        assertThat(password.get()).isEqualTo(first);
        session.putClockForward(Duration.ofSeconds(61));
        assertThat(password.get()).isEqualTo(second);
        assertThat(password.version()).isEqualTo(2);
        assertThat(told).containsExactly(true);
    }

    @Test
    default void certificateAndItsKeyAreOfOneRequest() {
        ContractSession session = session(SecretsEngines.POLICY);
        VaultSecrets secrets = VaultSecrets.of(session.vaultSession());
        String issue = SecretsEngines.CERTIFICATE + "?common_name=a.contract.test&ttl=1h";
        Secret<String> certificate = secrets.secret(issue + "#certificate");
        Secret<String> key = secrets.secret(issue + "#private_key");
        assertThat(certificate.get()).startsWith("-----BEGIN CERTIFICATE-----");
        assertThat(key.get().startsWith("-----BEGIN ")).isTrue();
        assertThat(session.requests(SecretsEngines.CERTIFICATE)).isEqualTo(1);
        assertThat(certificate.expiresAt()).isNotNull();
    }

    @Test
    default void certificateIsIssuedAnewBeforeItEnds() {
        ContractSession session = session(SecretsEngines.POLICY);
        Secret<String> certificate = VaultSecrets.builder(session.vaultSession())
                .executor(Runnable::run)
                .build()
                .secret(SecretsEngines.CERTIFICATE + "?common_name=a.contract.test&ttl=30m#certificate");
        String first = certificate.get();
        session.putClockForward(Duration.ofMinutes(20));
        certificate.get();
        assertThat(certificate.get()).isEqualTo(first);
        session.putClockForward(Duration.ofMinutes(8));
        certificate.get();
        assertThat(certificate.get()).isNotEqualTo(first);
        assertThat(session.requests(SecretsEngines.CERTIFICATE)).isEqualTo(2);
    }

    @Test
    default void certificateForNobodyIsRefusedInVaultsWords() {
        VaultSecrets secrets = secrets(SecretsEngines.POLICY);
        VaultRequestException refused = failureOf(
                VaultRequestException.class, secrets.secret(SecretsEngines.CERTIFICATE + "?ttl=1h#certificate")::get);
        assertThat(refused.errors().toString()).contains("common_name field is required");
    }

    @Test
    default void cubbyholeIsThatOfTheToken() {
        String token = bench().admin().createToken(Bench.POLICY);
        String text = SecretsLedger.add(TestSecrets.mint("cubbyhole-"));
        bench().raw().put("cubbyhole/note", token, Map.of("text", text));
        assertThat(VaultSecrets.of(bench().sessionWith(token).vaultSession())
                        .secret("cubbyhole/note#text")
                        .get())
                .isEqualTo(text);
        failureOf(VaultNotFoundException.class, reader().secret("cubbyhole/note#text")::get);
    }

    @Test
    default void wrappedSecretIsUnwrappedAtOnce() {
        VaultSecrets secrets = secrets(SecretsEngines.WRAPPING_POLICY);
        Secret<String> password = secrets.secret(Bench.SECRET + "?wrap_ttl=60s#password");
        assertThat(password.get()).isEqualTo(bench().password());
        assertThat(password.version()).isEqualTo(1);
        failureOf(VaultPermissionException.class, secrets.secret(Bench.SECRET + "#password")::get);
    }

    @Test
    default void deletedVersionIsNotFoundThroughWrappingEither() {
        failureOf(
                VaultNotFoundException.class,
                secrets(Bench.POLICY).secret(Bench.DELETED + "?wrap_ttl=60s#password")::get);
    }

    @Test
    default void tokenThatWrapsASecretIsExchangedOnce() {
        VaultSecrets secrets = reader();
        SecretValue token = SecretValue.of(bench().admin().readWrapped(Bench.OLD_SECRET));
        VaultResponse answer = secrets.unwrap(token, secrets.session().client().newDeadline());
        SecretValue data = answer.data();
        assertThat(data == null ? null : data.text("password")).isEqualTo(bench().oldPassword());
        failureOf(
                VaultRequestException.class,
                () -> secrets.unwrap(token, secrets.session().client().newDeadline()));
    }

    private VaultSecrets reader() {
        return secrets(Bench.POLICY);
    }

    private VaultSecrets secrets(String policy) {
        return VaultSecrets.of(session(policy).vaultSession());
    }

    private ContractSession session(String policy) {
        return bench().sessionWith(bench().admin().createToken(policy, Map.of("ttl", "24h")));
    }
}
