package io.github.vaultlambda.secrets.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.secrets.SecretOptions;
import io.github.vaultlambda.secrets.VaultSecrets;
import io.github.vaultlambda.secrets.fakes.FakeVault;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that follow their secrets. */
class SecretFilesTest {
    @TempDir
    Path directory;

    private final FakeVault vault = new FakeVault();

    @Test
    void writesEveryFormatFromOneRead() throws IOException {
        vault.kv2("secret/data/db", 3, "{\"user\":\"app\",\"key\":\"aGVsbG8=\"}");
        SecretFiles files = files(
                file("response", "secret/data/db"),
                file("data", "secret/data/db").withFormat(FileFormat.DATA),
                file("env", "secret/data/db").withFormat(FileFormat.DOTENV),
                file("properties", "secret/data/db").withFormat(FileFormat.PROPERTIES),
                file("field", "secret/data/db#user"),
                file("bytes", "secret/data/db#key").withFormat(FileFormat.BYTES));
        files.write(vault.soon());
        assertThat(content("response")).isEqualTo("""
                {
                  "request_id": "1",
                  "lease_id": "",
                  "lease_duration": 0,
                  "renewable": false,
                  "data": {
                    "data": {
                      "key": "aGVsbG8=",
                      "user": "app"
                    },
                    "metadata": {
                      "created_time": "2026-03-01T11:00:00Z",
                      "version": 3
                    }
                  },
                  "warnings": null
                }""");
        assertThat(content("data")).isEqualTo("{\n  \"key\": \"aGVsbG8=\",\n  \"user\": \"app\"\n}");
        assertThat(content("env")).isEqualTo("key='aGVsbG8='\nuser='app'\n");
        assertThat(content("properties")).isEqualTo("key=aGVsbG8\\=\nuser=app\n");
        assertThat(content("field")).isEqualTo("app");
        assertThat(content("bytes")).isEqualTo("hello");
        assertThat(vault.reads()).containsExactly("secret/data/db");
        assertThat(vault.logins()).isOne();
    }

    @Test
    void gathersAllFaultsAndWritesTheOthers() throws IOException {
        vault.kv1("kv/good", "{\"k\":\"n0tf0rl0gs!\"}");
        vault.at("kv/denied", 403, "{\"errors\":[\"permission denied\"]}");
        Files.createDirectories(directory.resolve("taken/inside"));
        SecretFiles files = files(
                file("missing", "kv/missing"),
                file("denied", "kv/denied"),
                file("field", "kv/good#nofield"),
                file("form", "kv/good#k").withFormat(FileFormat.BYTES),
                file("taken", "kv/good"),
                file("good", "kv/good"));
        assertThatThrownBy(() -> files.write(vault.soon()))
                .hasMessageStartingWith("5 of 6 secret files could not be written: (1) kv/missing in ")
                .hasMessageContaining("it is not base64")
                .hasMessageContaining("cannot write " + directory.resolve("taken"))
                .hasMessageNotContaining("n0tf0rl0gs")
                .asInstanceOf(type(SecretFilesException.class))
                .satisfies(failure -> {
                    assertThat(failure.faults())
                            .extracting(fault -> fault.file().reference().toString())
                            .containsExactly("kv/missing", "kv/denied", "kv/good#nofield", "kv/good#k", "kv/good");
                    assertThat(failure.faults().get(0).cause()).isInstanceOf(VaultNotFoundException.class);
                    assertThat(failure.faults().get(1).cause()).isInstanceOf(VaultPermissionException.class);
                    assertThat(failure.getSuppressed()).hasSize(5);
                });
        assertThat(content("good")).contains("\"k\"");
        assertThat(directory.resolve("missing")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 6})
    void aRefusedLoginIsNoFaultOfAFile(int count) {
        AtomicInteger logins = new AtomicInteger();
        List<SecretFile> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(file("f" + i, "kv/s" + i));
        }
        SecretFiles files = SecretFiles.of(refusingLogin(logins), all);
        assertThatThrownBy(() -> files.write(vault.soon())).isInstanceOf(VaultLoginException.class);
        assertThat(files.refresh(vault.soon())).isEmpty();
        int atRefresh = logins.get();
        if (count == 3) {
            assertThat(atRefresh).as("one for each").isEqualTo(2);
        }
        assertThat(files.refresh(vault.soon())).isEmpty();
        assertThat(logins.get()).as("a pause").isEqualTo(atRefresh);
    }

    @Test
    void leavesFilesAloneWhileNothingChanges() throws IOException {
        vault.kv2("secret/data/db", 1, "{\"user\":\"app\"}");
        SecretFiles files = files(file("db.json", "secret/data/db"));
        files.write(vault.soon());
        assertThat(files.refresh(vault.soon())).isEmpty();
        assertThat(vault.reads()).as("fresh").hasSize(1);

        vault.advance(Duration.ofMinutes(2));
        String before = content("db.json");
        assertThat(files.refresh(vault.soon())).as("another request id alone").isEmpty();
        assertThat(vault.reads()).hasSize(2);
        assertThat(content("db.json")).isEqualTo(before);
        assertThatCode(() -> files.write(vault.soon())).doesNotThrowAnyException();
        assertThat(content("db.json")).isEqualTo(before);
    }

    @Test
    void knowsNothingOfWhatWasWrittenWhenItHasForgotten() throws IOException {
        vault.kv2("secret/data/db", 3, "{\"user\":\"app\"}");
        SecretFiles files = files(file("user", "secret/data/db#user"));
        files.write(vault.soon());

        files.forget();

        assertThat(files.refresh(vault.soon())).hasSize(1);
        assertThat(files.refresh(vault.soon())).isEmpty();
        assertThat(content("user")).isEqualTo("app");
    }

    @Test
    void rewritesWhatHasChanged() throws IOException {
        vault.kv1("kv/a", "{\"k\":\"old\"}").kv1("kv/b", "{\"k\":\"same\"}");
        SecretFile a = file("a", "kv/a#k");
        SecretFiles files = files(a, file("b", "kv/b#k"));
        files.write(vault.soon());
        vault.kv1("kv/a", "{\"k\":\"new\"}");
        vault.advance(Duration.ofMinutes(2));
        assertThat(files.refresh(vault.soon())).containsExactly(a);
        assertThat(content("a")).isEqualTo("new");
        assertThat(vault.reads()).containsExactlyInAnyOrder("kv/a", "kv/b", "kv/a", "kv/b");
    }

    @Test
    void rewritesManyThatHaveChanged() throws IOException {
        List<SecretFile> all = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            vault.kv1("kv/s" + i, "{\"k\":\"old\"}");
            all.add(file("f" + i, "kv/s" + i + "#k"));
        }
        SecretFiles files = SecretFiles.of(vault.secrets(), all);
        files.write(vault.soon());
        for (int i = 0; i < 8; i++) {
            vault.kv1("kv/s" + i, "{\"k\":\"new\"}");
        }
        vault.at("kv/s8", 403, "{\"errors\":[]}");
        vault.advance(Duration.ofMinutes(2));
        assertThat(files.refresh(vault.soon())).isEqualTo(all.subList(0, 8));
        assertThat(content("f0") + content("f7") + content("f8")).isEqualTo("newnewold");
    }

    @Test
    void aNewVersionWithTheSameDataIsNewToTheAnswerAlone() throws IOException {
        vault.kv2("secret/data/db", 1, "{\"user\":\"app\"}");
        SecretFile response = file("response", "secret/data/db");
        SecretFiles files = files(response, file("data", "secret/data/db").withFormat(FileFormat.DATA));
        files.write(vault.soon());
        vault.kv2("secret/data/db", 2, "{\"user\":\"app\"}");
        vault.advance(Duration.ofMinutes(2));
        assertThat(files.refresh(vault.soon())).containsExactly(response);
        assertThat(content("response")).contains("\"version\": 2");
    }

    @Test
    void putsBackWhatIsGoneOrWasChanged() throws IOException {
        vault.kv1("kv/a", "{\"k\":\"v\"}");
        SecretFile file = file("a", "kv/a#k");
        SecretFiles files = files(file);
        files.write(vault.soon());
        Files.delete(file.file());
        assertThat(files.refresh(vault.soon())).containsExactly(file);
        Files.writeString(file.file(), "longer");
        assertThat(files.refresh(vault.soon())).containsExactly(file);
        assertThat(content("a")).isEqualTo("v");
        assertThat(vault.reads()).hasSize(1);
    }

    @Test
    void aTtlOfItsOwnRules() throws IOException {
        vault.kv1("kv/a", "{\"k\":\"old\"}");
        SecretFiles files =
                files(file("a", "kv/a#k").withOptions(SecretOptions.defaults().withTtl(Duration.ofHours(1))));
        files.write(vault.soon());
        vault.kv1("kv/a", "{\"k\":\"new\"}");
        vault.advance(Duration.ofMinutes(30));
        files.refresh(vault.soon());
        assertThat(content("a")).isEqualTo("old");
        vault.advance(Duration.ofMinutes(31));
        files.refresh(vault.soon());
        assertThat(content("a")).isEqualTo("new");
    }

    @Test
    void aLeaseIsRenewedByTheRefreshAndTheFileStays() throws IOException {
        vault.leased("database/creds/x", "database/creds/x/1", "{\"username\":\"u1\"}");
        vault.at(
                "sys/leases/renew",
                200,
                "{\"lease_id\":\"database/creds/x/1\",\"lease_duration\":3600,\"renewable\":true}");
        SecretFile file = file("creds", "database/creds/x");
        SecretFiles files = files(file);
        files.write(vault.soon());
        String before = content("creds");
        for (int i = 0; i < 4; i++) {
            vault.advance(Duration.ofMinutes(50));
            assertThat(files.refresh(vault.soon())).isEmpty();
        }
        assertThat(vault.reads()).as("read once, renewed since").containsExactly("database/creds/x");
        assertThat(content("creds")).isEqualTo(before);

        vault.at("sys/leases/renew", 400, "{\"errors\":[\"lease not found\"]}");
        vault.leased("database/creds/x", "database/creds/x/2", "{\"username\":\"u2\"}");
        vault.advance(Duration.ofMinutes(50));
        assertThat(files.refresh(vault.soon())).containsExactly(file);
        assertThat(content("creds")).contains("database/creds/x/2", "u2");
    }

    @Test
    void keepsTheOldFileWhileVaultIsOutOfReachAndAsksLessAndLess() throws IOException {
        vault.kv1("kv/a", "{\"k\":\"old\"}");
        SecretFile file = file("a", "kv/a#k");
        SecretFiles files = files(file);
        files.write(vault.soon());
        vault.advance(Duration.ofMinutes(2));
        vault.setDown(true);
        assertThat(files.refresh(vault.soon())).isEmpty();
        assertThat(files.refresh(vault.soon())).isEmpty();
        assertThat(vault.reads()).as("one attempt, then a pause").hasSize(2);
        vault.advance(Duration.ofSeconds(6));
        files.refresh(vault.soon());
        assertThat(vault.reads()).hasSize(3);
        vault.advance(Duration.ofSeconds(6));
        files.refresh(vault.soon());
        assertThat(vault.reads()).as("a longer pause").hasSize(3);
        assertThat(content("a")).isEqualTo("old");

        vault.setDown(false);
        vault.kv1("kv/a", "{\"k\":\"new\"}");
        vault.advance(Duration.ofSeconds(6));
        assertThat(files.refresh(vault.soon())).containsExactly(file);
        assertThat(content("a")).isEqualTo("new");
    }

    @Test
    void aStaleValueServesAsLongAsItMay() throws IOException {
        vault.kv1("kv/a", "{\"k\":\"old\"}");
        SecretFile file = file("a", "kv/a#k")
                .withOptions(SecretOptions.defaults()
                        .withMaxStale(Duration.ofHours(1))
                        .withRefreshAhead(false));
        SecretFiles files = files(file);
        files.write(vault.soon());
        vault.setDown(true);
        vault.advance(Duration.ofMinutes(30));
        Files.delete(file.file());
        assertThat(files.refresh(vault.soon())).containsExactly(file);
        assertThat(content("a")).isEqualTo("old");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404})
    void keepsTheOldFileWhenTheSecretIsRefused(int status) throws IOException {
        vault.kv1("kv/a", "{\"k\":\"old\"}");
        SecretFiles files = files(file("a", "kv/a#k"));
        files.write(vault.soon());
        vault.at("kv/a", status, "{\"errors\":[]}");
        vault.advance(Duration.ofMinutes(2));
        assertThat(files.refresh(vault.soon())).isEmpty();
        assertThat(content("a")).isEqualTo("old");
    }

    @ParameterizedTest
    @CsvSource({
        "RESPONSE, null",
        "DATA, null",
        "DOTENV, ''",
        "PROPERTIES, ''",
    })
    void anOptionalSecretMayBeMissingVanishAndCome(FileFormat format, String nothing) throws IOException {
        SecretFile file = file("a", "kv/a").withFormat(format).withOptional(true);
        SecretFiles files = files(file);
        files.write(vault.soon());
        assertThat(content("a")).isEqualTo(nothing);
        assertThat(files.refresh(vault.soon())).as("still missing").isEmpty();

        vault.kv1("kv/a", "{\"k\":\"v\"}");
        vault.advance(Duration.ofMinutes(2));
        assertThat(files.refresh(vault.soon())).containsExactly(file);
        assertThat(content("a")).contains("k");

        vault.at("kv/a", 404, "{\"errors\":[]}");
        vault.advance(Duration.ofMinutes(2));
        assertThat(files.refresh(vault.soon())).containsExactly(file);
        assertThat(content("a")).isEqualTo(nothing);
    }

    @ParameterizedTest
    @EnumSource(
            value = FileFormat.class,
            names = {"FIELD", "BYTES"})
    void aFieldOfAnOptionalSecretThatIsMissingHasNoFile(FileFormat format) throws IOException {
        Files.writeString(directory.resolve("a"), "left over");
        SecretFile file = file("a", "kv/a#k").withFormat(format).withOptional(true);
        SecretFiles files = files(file);
        files.write(vault.soon());
        assertThat(file.file()).doesNotExist();
        vault.kv1("kv/a", "{\"k\":\"aGVsbG8=\"}");
        assertThat(files.refresh(vault.soon())).containsExactly(file);
        assertThat(content("a")).isNotEmpty();
    }

    @Test
    void anOptionalSecretThatIsRefusedIsAFault() {
        vault.at("kv/a", 403, "{\"errors\":[\"permission denied\"]}");
        SecretFiles files = files(file("a", "kv/a").withOptional(true));
        assertThatThrownBy(() -> files.write(vault.soon())).isInstanceOf(SecretFilesException.class);
    }

    @ParameterizedTest
    @CsvSource({"RESPONSE, kv/a", "DATA, kv/a", "DOTENV, kv/a", "FIELD, kv/a#k", "RESPONSE, secret/data/b"})
    void anEmptySecretIsAFaultUnlessItIsOptional(FileFormat format, String reference) throws IOException {
        vault.kv1("kv/a", format == FileFormat.FIELD ? "{\"k\":\"\"}" : "{}").kv2("secret/data/b", 1, "{}");
        SecretFile file = file("a", reference).withFormat(format);
        assertThatThrownBy(() -> files(file).write(vault.soon()))
                .isInstanceOf(SecretFilesException.class)
                .hasMessageContaining("the secret is empty");
        assertThat(file.file()).doesNotExist();
        files(file.withOptional(true)).write(vault.soon());
        if (format == FileFormat.FIELD) {
            assertThat(file.file()).doesNotExist();
        } else {
            switch (format) {
                case RESPONSE -> assertThat(content("a")).contains("\"request_id\": ", "{}", "\"warnings\": null");
                case DOTENV -> assertThat(content("a")).isEmpty();
                default -> assertThat(content("a")).isEqualTo("null");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"data\":{\"data\":null,\"metadata\":{\"version\":2}},\"warnings\":null}",
                "{\"data\":null,\"warnings\":[\"Invalid path for a versioned K/V secrets engine\"]}"
            })
    void showsWhatVaultSaysOfAnOptionalSecretThatIsNotThere(String answer) throws IOException {
        SecretFile file = file("a", "secret/data/b").withOptional(true);
        SecretFiles files = files(
                file, file("data", "secret/data/b").withFormat(FileFormat.DATA).withOptional(true));
        vault.at("secret/data/b", 404, answer);
        files.write(vault.soon());
        assertThat(content("a"))
                .contains("\"data\": ", "\"warnings\": ")
                .containsAnyOf("\"version\": 2", "versioned K/V");
        assertThat(content("data")).isEqualTo("null");
        vault.advance(Duration.ofMinutes(2));
        assertThat(files.refresh(vault.soon())).as("the same again").isEmpty();

        vault.at("secret/data/b", 404, "{\"data\":null,\"warnings\":[]}");
        vault.advance(Duration.ofMinutes(2));
        assertThat(files.refresh(vault.soon())).containsExactly(file);
        assertThat(content("a")).isEqualTo("null");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204})
    void anAnswerWithoutContentIsAMissingSecret(int status) throws IOException {
        vault.at("kv/a", status, "");
        files(file("a", "kv/a").withOptional(true)).write(vault.soon());
        assertThat(content("a")).isEqualTo("null");
        assertThatThrownBy(() -> files(file("b", "kv/a")).write(vault.soon()))
                .isInstanceOf(SecretFilesException.class)
                .hasMessageContaining("has no content (status " + status + ")");
    }

    @Test
    void writesAnAnswerThatHasNothingAroundIt() throws IOException {
        vault.at("identity/oidc/.well-known/keys", 200, "{\"keys\":[{\"kid\":\"1\"}]}");
        SecretFile file = file("a", "identity/oidc/.well-known/keys");
        SecretFiles files = files(file);
        files.write(vault.soon());
        assertThat(content("a")).isEqualTo("""
                {
                  "request_id": "",
                  "lease_id": "",
                  "lease_duration": 0,
                  "renewable": false,
                  "data": {
                    "keys": [
                      {
                        "kid": "1"
                      }
                    ]
                  },
                  "warnings": null
                }""");
        vault.at("identity/oidc/.well-known/keys", 200, "{\"keys\":[{\"kid\":\"2\"}]}");
        vault.advance(Duration.ofMinutes(2));
        assertThat(files.refresh(vault.soon())).containsExactly(file);
    }

    @ParameterizedTest
    @EnumSource(
            value = FileFormat.class,
            names = {"DOTENV", "PROPERTIES"})
    void namesOfFieldsCannotBreakALineOfTheMessage(FileFormat format) {
        vault.kv1("kv/a", "{\"x\\n[ERROR] forged\\u2028\":{\"k\":1},\"y\\r\":[]}");
        vault.kv1("kv/b", "{\"x\\n[ERROR] forged\\u2028\":\"1\"}");
        SecretFiles files = files(
                file("a", "kv/a").withFormat(format),
                file("b", "kv/b").withFormat(FileFormat.DOTENV),
                file("c", "kv/b#none"));
        assertThatThrownBy(() -> files.write(vault.soon()))
                .hasMessageContaining("3 of 3")
                .hasMessageNotContainingAny("\n", "\r", "\u2028");
    }

    @Test
    void refusesTwoSecretsInOneFile() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> files(file("a", "kv/a"), file("x/../a", "kv/b")))
                .withMessageStartingWith("two secrets for one file: ")
                .withMessageContaining("kv/a in")
                .withMessageContaining("kv/b in");
    }

    @Test
    void deletesAtTheEndWhatWasAskedToBe() throws IOException {
        vault.kv1("kv/a", "{\"k\":\"v\"}");
        SecretFile gone = file("gone", "kv/a").withDeletedOnClose(true);
        SecretFile stays = file("stays", "kv/a");
        SecretFiles files = files(gone, stays);
        files.write(vault.soon());
        files.close();
        files.close();
        assertThat(gone.file()).doesNotExist();
        assertThat(stays.file()).exists();
        assertThatIllegalStateException().isThrownBy(() -> files.refresh(vault.soon()));
        assertThatIllegalStateException().isThrownBy(() -> files.write(vault.soon()));
    }

    @Test
    void manyThreadsRefreshOnce() throws Exception {
        vault.kv1("kv/a", "{\"k\":\"old\"}");
        SecretFile file = file("a", "kv/a#k");
        SecretFiles files = files(file);
        files.write(vault.soon());
        vault.kv1("kv/a", "{\"k\":\"new\"}");
        vault.advance(Duration.ofMinutes(2));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<List<SecretFile>>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(threads.submit(() -> files.refresh(vault.soon())));
            }
            int changes = 0;
            for (Future<List<SecretFile>> each : all) {
                changes += each.get().size();
            }
            assertThat(changes).isOne();
        } finally {
            threads.shutdown();
        }
        assertThat(vault.reads()).hasSize(2);
        assertThat(content("a")).isEqualTo("new");
    }

    private VaultSecrets refusingLogin(AtomicInteger logins) {
        LoginMethod login = new LoginMethod() {
            @Override
            public VaultToken login(VaultEndpoint endpoint, Deadline deadline) {
                logins.incrementAndGet();
                throw new VaultLoginException(VaultFailure.of("refused").withStatus(400));
            }

            @Override
            public String describe() {
                return "test";
            }
        };
        VaultConfig config = VaultConfig.builder()
                .address(URI.create("https://vault.example.com"))
                .maxRetries(0)
                .build();
        return VaultSecrets.of(VaultSession.of(
                config, login, Platform.system().withTransport(vault).withClock(vault)));
    }

    private SecretFiles files(SecretFile... files) {
        return SecretFiles.of(vault.secrets(), List.of(files));
    }

    private SecretFile file(String name, String reference) {
        return SecretFile.of(reference, directory.resolve(name));
    }

    private String content(String name) throws IOException {
        return Files.readString(directory.resolve(name));
    }
}
