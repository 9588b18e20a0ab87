package io.github.vaultlambda.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultClient;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.secrets.fakes.FakeVault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretReaderTest {
    private static final String DATA = "{\"password\":\"n0tf0rl0gs\"}";
    private static final String DENIED = "{\"errors\":[\"1 error occurred:\\n\\t* permission denied\\n\\n\"]}";
    private static final String WARNED =
            "{\"errors\":[],\"warnings\":[\"Invalid path for a versioned K/V secrets engine.\"]}";
    private static final String MOUNT = "sys/internal/ui/mounts/";

    private final FakeVault vault = new FakeVault();
    private final VaultClient client = vault.session().client();
    private final Mounts mounts = new Mounts(vault);
    private final SecretReader reader = new SecretReader(client, mounts);

    private SecretAnswer read(String reference) {
        return reader.read(SecretReference.parse(reference), Deadline.after(vault, Duration.ofSeconds(10)));
    }

    private <E extends Exception> E refused(Class<E> type, String reference) {
        E refusal = catchThrowableOfType(type, () -> read(reference));
        assertThat(refusal).isNotNull();
        assertThat(refusal.toString()).doesNotContain("n0tf0rl0gs");
        return refusal;
    }

    /** Method, path and query of each request so far. */
    private List<String> asked() {
        return vault.calls().stream()
                .map(call ->
                        call.method() + " " + call.uri().toString().substring("https://vault.example.com/v1/".length()))
                .toList();
    }

    private static String body(HttpTransport.Call call) {
        byte[] body = call.body();
        return body == null ? "" : new String(body, UTF_8);
    }

    private static SecretValue json(String text) throws Exception {
        return SecretValue.parse(text.getBytes(UTF_8));
    }

    // ------------------------------------------------------------------ the usual read: one request

    @Test
    void aKv2SecretIsOneRequest() throws Exception {
        vault.kv2("secret/data/db", DATA);

        SecretAnswer answer = read("secret/data/db#password");

        assertThat(answer.data()).isEqualTo(json(DATA));
        assertThat(answer.version()).isEqualTo(1);
        assertThat(answer.response().data()).isNotNull().isNotEqualTo(answer.data());
        assertThat(answer.requestedAt()).isEqualTo(FakeVault.START);
        assertThat(answer).hasToString("SecretAnswer[200]");
        assertThat(asked()).containsExactly("GET secret/data/db");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kv/db", "database/creds/orders", "cubbyhole/db", "auth/token/lookup-self", "kv/data"})
    void whateverElseAnswersIsOneRequestToo(String path) throws Exception {
        vault.kv1(path, DATA);

        SecretAnswer answer = read(path);

        assertThat(answer.data()).isEqualTo(json(DATA));
        assertThat(answer.version()).isNull();
        assertThat(asked()).containsExactly("GET " + path);
    }

    @Test
    void aSecretThatLooksLikeKv2IsNotTakenApartElsewhere() {
        vault.kv2("kv/db", DATA).kv2("kv/data", DATA).kv2("secret/metadata/data", DATA);

        for (String path : List.of("kv/db", "kv/data", "secret/metadata/data")) {
            assertThat(read(path).data().fields().keySet()).containsExactly("data", "metadata");
            assertThat(read(path).version()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\":\"n0tf0rl0gs\",\"metadata\":\"x\"}",
                "{\"data\":{\"k\":1},\"metadata\":{}}",
                "{\"data\":{\"k\":1},\"metadata\":{\"version\":1}}",
                "{\"data\":{\"k\":1}}",
                "{\"data\":[1],\"metadata\":{\"version\":1,\"created_time\":\"x\"}}",
                "{\"data\":{\"k\":1},\"metadata\":{\"version\":1,\"created_time\":\"x\"},\"more\":1}",
            })
    void whatOnlyLooksALittleLikeKv2StaysAsItIs(String data) throws Exception {
        vault.kv1("kv/data/db", data);

        assertThat(read("kv/data/db").data()).isEqualTo(json(data));
        assertThat(read("kv/data/db").version()).isNull();
    }

    @Test
    void aKv2SecretMayLookLikeAnAnswerOfKv2Itself() throws Exception {
        String inner = "{\"data\":{\"k\":1},\"metadata\":{\"version\":7,\"created_time\":\"x\"}}";
        vault.kv2("secret/data/db", inner);

        assertThat(read("secret/data/db").data()).isEqualTo(json(inner));
        assertThat(read("secret/data/db").version()).isEqualTo(1);
    }

    @Test
    void metadataPassesAsItIs() throws Exception {
        vault.kv1("secret/metadata/db", "{\"current_version\":3}").mount("secret/db", "secret/", "kv", 2);
        mounts.tell("secret", 2);

        assertThat(read("secret/metadata/db").data()).isEqualTo(json("{\"current_version\":3}"));
        assertThat(read("secret/metadata/db?kv=2").data()).isEqualTo(json("{\"current_version\":3}"));
    }

    // ------------------------------------------------------------------ KV v2 without data/

    @ParameterizedTest
    @CsvSource({"403,secret/,secret/db", "404,secret/,secret/db", "403,team/kv/,team/kv/a/db", "404,team/,team/kv/a/db"
    })
    void aKv2PathWithoutDataIsReadWhereTheSecretIs(int status, String mount, String path) throws Exception {
        String right = mount + "data/" + path.substring(mount.length());
        vault.at(path, status, DENIED).mount(path, mount, "kv", 2).kv2(right, DATA);

        assertThat(read(path).data()).isEqualTo(json(DATA));
        assertThat(read(path).version()).isEqualTo(1);

        assertThat(asked()).containsExactly("GET " + path, "GET " + MOUNT + path, "GET " + right, "GET " + right);
    }

    @Test
    void aMountIsAskedForOnce() {
        vault.at("secret/a", 403, DENIED).mount("secret/a", "secret/", "kv", 2);
        vault.kv2("secret/data/a", DATA).kv2("secret/data/b", DATA).kv2("secret/data/c/d", DATA);

        read("secret/a");
        read("secret/b");
        read("secret/c/d");
        read("secret/data/b");

        assertThat(asked())
                .containsExactly(
                        "GET secret/a",
                        "GET " + MOUNT + "secret/a",
                        "GET secret/data/a",
                        "GET secret/data/b",
                        "GET secret/data/c/d",
                        "GET secret/data/b");
    }

    @Test
    void threadsThatAreRefusedTogetherAskForTheMountOnce() throws Exception {
        int threads = 4;
        CyclicBarrier refused = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<SecretAnswer>> reads = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                String name = "s" + i;
                vault.at("secret/" + name, call -> {
                    try {
                        refused.await(30, TimeUnit.SECONDS);
                    } catch (Exception e) {
                        throw new IOException(e);
                    }
                    return new HttpTransport.Reply(404, WARNED.getBytes(UTF_8));
                });
                vault.mount("secret/" + name, "secret/", "kv", 2).kv2("secret/data/" + name, DATA);
                reads.add(pool.submit(() -> read("secret/" + name)));
            }
            for (Future<SecretAnswer> read : reads) {
                assertThat(read.get(30, TimeUnit.SECONDS).version()).isEqualTo(1);
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(asked())
                .filteredOn(request -> request.startsWith("GET " + MOUNT))
                .hasSize(1);
    }

    @Test
    void mountsBesideEachOtherAreAskedForOneByOne() {
        vault.mount("team/a/x", "team/a/", "kv", 2).kv2("team/a/data/x", DATA);
        vault.mount("team/b/x", "team/b/", "kv", 2).kv2("team/b/data/x", DATA);

        assertThat(read("team/a/x").version()).isEqualTo(1);
        assertThat(read("team/b/x").version()).isEqualTo(1);
    }

    @Test
    void aPreflightCostsNoLogin() {
        vault.at("secret/db", 403, DENIED).at(MOUNT + "secret/db", 403, DENIED);

        refused(VaultPermissionException.class, "secret/db");

        assertThat(asked()).containsExactly("GET secret/db", "GET " + MOUNT + "secret/db");
    }

    @Test
    void theRightPathStandsInTheFailureWhenItIsRefusedToo() {
        vault.at("secret/db", 403, DENIED)
                .mount("secret/db", "secret/", "kv", 2)
                .at("secret/data/db", 403, DENIED);

        VaultPermissionException e = refused(VaultPermissionException.class, "secret/db");

        assertThat(e.path()).isEqualTo("secret/data/db");
        assertThat(e)
                .hasMessage(
                        "Vault answered GET secret/data/db with 403: 1 error occurred: * permission denied. Hint: give"
                                + " the policy of this Vault role the capability for this path; secret/ is a KV v2 engine, so"
                                + " secret/db is read at secret/data/db");
    }

    @Test
    void aDeletedVersionIsSaidToBeDeletedAlsoAtTheRightPath() {
        vault.at("secret/db", 404, WARNED)
                .mount("secret/db", "secret/", "kv", 2)
                .at(
                        "secret/data/db",
                        404,
                        "{\"data\":{\"data\":null,\"metadata\":{\"version\":3,\"deletion_time\":\"2026-03-01T11:00:00Z\","
                                + "\"destroyed\":false}}}");

        assertThat(refused(VaultNotFoundException.class, "secret/db").hint())
                .isEqualTo(
                        "version 3 of the secret was deleted at 2026-03-01T11:00:00Z; undelete it, write it anew, or read"
                                + " another version; secret/ is a KV v2 engine, so secret/db is read at secret/data/db");
        assertThat(refused(VaultNotFoundException.class, "secret/data/db").hint())
                .isEqualTo(
                        "version 3 of the secret was deleted at 2026-03-01T11:00:00Z; undelete it, write it anew, or read"
                                + " another version");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403|secret/db|give the policy of this Vault role the capability for this path; if secret/ is a KV v2 engine,"
                        + " the path is secret/data/db",
                "404|secret/db|check the path; if secret/ is a KV v2 engine, the path is secret/data/db",
                "404|team/kv/db|check the path; if team/ is a KV v2 engine, the path is team/data/kv/db",
                "404|db|check the path; for a KV v2 engine it has data/ after the mount",
            })
    void whereVaultDoesNotSayWhoServesAPathTheHintDoes(int status, String path, String hint) {
        vault.at(path, status, DENIED).at(MOUNT + path, 403, DENIED);

        VaultException e = refused(VaultException.class, path);

        assertThat(e.status()).isEqualTo(status);
        assertThat(e.path()).isEqualTo(path);
        assertThat(e.hint()).isEqualTo(hint);
        assertThat(e).hasMessageEndingWith("denied. Hint: " + hint);
    }

    @Test
    void aRefusedPreflightIsRememberedForAMinute() {
        vault.at("secret/db", 403, DENIED).at(MOUNT + "secret/db", 403, DENIED);

        refused(VaultPermissionException.class, "secret/db");
        refused(VaultPermissionException.class, "secret/db");
        assertThat(asked()).containsOnlyOnce("GET " + MOUNT + "secret/db");

        vault.advance(Duration.ofMinutes(1));
        refused(VaultPermissionException.class, "secret/db");
        assertThat(asked())
                .filteredOn(request -> request.startsWith("GET " + MOUNT))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"data\":{}}", "{\"data\":{\"path\":\"other/\",\"type\":\"kv\"}}"})
    void aPreflightMayTellNothing(String body) {
        vault.at("secret/db", 404, DENIED).at(MOUNT + "secret/db", 200, body);

        assertThat(refused(VaultNotFoundException.class, "secret/db").hint())
                .contains("if secret/ is a KV v2 engine, the path is secret/data/db");
        assertThat(refused(VaultNotFoundException.class, "secret/db").path()).isEqualTo("secret/db");
        assertThat(asked()).hasSize(3);
    }

    @Test
    void aPreflightWithoutAnAnswerLeavesTheFirstRefusal() {
        vault.at("secret/db", 404, DENIED).at(MOUNT + "secret/db", 503, "{\"errors\":[\"no\"]}");

        refused(VaultNotFoundException.class, "secret/db");
        vault.mount("secret/db", "secret/", "kv", 2).kv2("secret/data/db", DATA);

        assertThat(read("secret/db").version()).isEqualTo(1);
    }

    @Test
    void aMountMayBeginWithItsNamespace() {
        vault.at("b/secret/db", 403, DENIED)
                .mount("b/secret/db", "a/b/secret/", "kv", 2)
                .kv2("b/secret/data/db", DATA);

        assertThat(read("b/secret/db").version()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "secret/db|kv|1|secret/ is a KV v1 engine",
                "secret/db|kv|-|secret/ is a KV v1 engine",
                "secret/db|generic|-|secret/ is a KV v1 engine",
                "secret/creds/x|database|-|secret/ is a database engine",
                "secret/issue/x|pki|-|secret/ is a pki engine, which issues by POST: give parameters, as in"
                        + " secret/issue/x?common_name=a.example.com",
                "secret/cert/x|pki|-|secret/ is a pki engine",
            })
    void anotherEngineIsNamedInTheHint(String path, String type, @Nullable Integer version, String engine) {
        vault.mount(path, "secret/", type, version);

        assertThat(refused(VaultNotFoundException.class, path).hint()).isEqualTo("check the path; " + engine);
        assertThat(asked()).hasSize(2);

        refused(VaultNotFoundException.class, path);
        assertThat(asked()).as("the mount is known").hasSize(3);
    }

    @Test
    void aKv1PathWithDataIsSaidToHaveOneTooMany() {
        mounts.tell("kv", 1);

        assertThat(refused(VaultNotFoundException.class, "kv/data/db").hint())
                .isEqualTo("check the path; kv/ is a KV v1 engine, whose paths have no data/ after the mount");
        assertThat(asked()).hasSize(1);
    }

    @Test
    void aVersionThatIsNotThereIsNamedInTheHint() {
        vault.at("secret/data/db?version=9", 404, "{\"errors\":[]}");

        assertThat(refused(VaultNotFoundException.class, "secret/data/db?version=9")
                        .hint())
                .isEqualTo("check the path, and whether there is a version 9");
    }

    @Test
    void aRefusedPathWithDataIsBelieved() {
        vault.at("secret/data/db", 403, DENIED);

        refused(VaultPermissionException.class, "secret/data/db");
        refused(VaultNotFoundException.class, "secret/data/other");

        assertThat(asked()).containsExactly("GET secret/data/db", "GET secret/data/other");
    }

    @Test
    void aMountThatIsCalledDataIsFoundByKv2sWarning() {
        vault.at("team/data/db", 404, WARNED)
                .mount("team/data/db", "team/data/", "kv", 2)
                .kv2("team/data/data/db", DATA);

        assertThat(read("team/data/db").version()).isEqualTo(1);
        assertThat(read("team/data/data/db").version()).isEqualTo(1);
    }

    @Test
    void anEngineThatWasUpgradedIsFoundAfterAMinute() {
        vault.kv1("kv/b", DATA).mount("kv/a", "kv/", "kv", 1);
        refused(VaultNotFoundException.class, "kv/a");
        vault.at("kv/b", 404, WARNED).mount("kv/b", "kv/", "kv", 2).kv2("kv/data/b", DATA);

        refused(VaultNotFoundException.class, "kv/b");
        vault.advance(Duration.ofMinutes(1));

        assertThat(read("kv/b").version()).isEqualTo(1);
    }

    @Test
    void aRefusalThatNoLoginCouldHealIsNotAskedAbout() {
        vault.kv2("secret/data/db", DATA).at("secret/db", 403, DENIED).mount("secret/db", "secret/", "kv", 2);
        read("secret/data/db");
        vault.advance(Duration.ofSeconds(1));
        vault.refuseLogins();

        assertThat(refused(VaultPermissionException.class, "secret/db").getSuppressed())
                .hasSize(1);

        assertThat(asked()).containsExactly("GET secret/data/db", "GET secret/db");
    }

    @Test
    void otherFailuresAreNobodysHint() {
        vault.at("secret/db", 503, "{\"errors\":[\"no\"]}");

        refused(VaultUnavailableException.class, "secret/db");

        assertThat(asked()).hasSize(1);
    }

    // ------------------------------------------------------------------ engines told ahead and by reference

    @Test
    void aMountThatWasToldIsNeverAskedFor() {
        mounts.tell("team/kv", 2);
        mounts.tell("/old/", 1);
        vault.kv2("team/kv/data/db", DATA).kv2("old/data/db", DATA);

        assertThat(read("team/kv/db").version()).isEqualTo(1);
        assertThat(read("team/kv/data/db").version()).isEqualTo(1);
        assertThat(read("old/data/db").version()).isNull();
        refused(VaultNotFoundException.class, "team/kv/none");

        assertThat(asked())
                .containsExactly(
                        "GET team/kv/data/db", "GET team/kv/data/db", "GET old/data/db", "GET team/kv/data/none");
    }

    @ParameterizedTest
    @CsvSource({"team/kv,0", "team/kv,3", "'',2", "/,2", "a/../b,2", "a?b,2"})
    void onlyMountsOfKvCanBeTold(String mount, int kv) {
        assertThatThrownBy(() -> mounts.tell(mount, kv)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void kv1NeverTakesAnAnswerApart() {
        vault.kv2("secret/data/db", DATA);

        assertThat(read("secret/data/db?kv=1").data().fields().keySet()).containsExactly("data", "metadata");
        refused(VaultNotFoundException.class, "secret/db?kv=1");

        assertThat(asked()).containsExactly("GET secret/data/db", "GET secret/db");
    }

    @Test
    void kv2PutsDataAfterTheFirstSegment() {
        vault.kv2("secret/data/db", DATA).kv2("secret/data/a/b", DATA);

        assertThat(read("secret/db?kv=2").version()).isEqualTo(1);
        assertThat(read("secret/data/db?kv=2").version()).isEqualTo(1);
        assertThat(read("secret/a/b?kv=2").version()).isEqualTo(1);

        assertThat(asked()).containsExactly("GET secret/data/db", "GET secret/data/db", "GET secret/data/a/b");
    }

    @Test
    void kv2FindsAMountOfSeveralSegments() {
        vault.mount("team/kv/db", "team/kv/", "kv", 2).kv2("team/kv/data/db", DATA);

        assertThat(read("team/kv/db?kv=2").version()).isEqualTo(1);
        assertThat(read("team/kv/db?kv=2").version()).isEqualTo(1);

        assertThat(asked())
                .containsExactly(
                        "GET team/data/kv/db",
                        "GET " + MOUNT + "team/kv/db",
                        "GET team/kv/data/db",
                        "GET team/kv/data/db");
    }

    @Test
    void whatIsNotOfKv2IsNotTakenForIt() {
        vault.kv1("secret/data/db", DATA);

        assertThat(refused(SecretFormatException.class, "secret/db?kv=2"))
                .hasMessage(
                        "secret/db?kv=2 is not the answer of a KV v2 engine, as kv=2 says: leave kv=2 out, or correct the"
                                + " path");
    }

    // ------------------------------------------------------------------ versions

    @Test
    void asksForAVersion() {
        vault.kv2("secret/data/db?version=3", DATA);

        assertThat(read("secret/data/db?version=3").version()).isEqualTo(1);
        assertThat(asked()).containsExactly("GET secret/data/db?version=3");
    }

    @Test
    void aVersionWithoutDataIsAskedForAtTheRightPathAtOnce() {
        vault.mount("secret/db", "secret/", "kv", 2).kv2("secret/data/db?version=3", DATA);

        assertThat(read("secret/db?version=3").version()).isEqualTo(1);

        assertThat(asked()).containsExactly("GET " + MOUNT + "secret/db", "GET secret/data/db?version=3");
    }

    @Test
    void onlyKv2HasVersions() {
        vault.mount("database/creds/x", "database/", "database", null);
        vault.kv1("kv/data/db?version=3", DATA);
        mounts.tell("old", 1);

        assertThat(refused(SecretFormatException.class, "database/creds/x?version=3"))
                .hasMessage("database/creds/x?version=3 has no versions: database/ is a database engine");
        assertThat(refused(SecretFormatException.class, "old/db?version=3"))
                .hasMessage("old/db?version=3 has no versions: old/ is a KV v1 engine");
        assertThat(asked())
                .as("nothing was made that nobody uses")
                .containsExactly("GET " + MOUNT + "database/creds/x");
        assertThat(refused(SecretFormatException.class, "kv/data/db?version=3"))
                .hasMessage("kv/data/db?version=3 has no versions: this is not the answer of a KV v2 engine");
    }

    @Test
    void aVersionOfAnUnknownEngineIsRefusedWithTheRightPath() {
        assertThat(refused(SecretFormatException.class, "secret/db?version=3"))
                .hasMessage(
                        "secret/db?version=3 has versions only if it is a KV v2 secret; if secret/ is a KV v2 engine, the"
                                + " path is secret/data/db");
        assertThat(refused(SecretFormatException.class, "db?version=3"))
                .hasMessage("db?version=3 has versions only if it is a KV v2 secret");
    }

    // ------------------------------------------------------------------ POST and wrapping

    @Test
    void parametersAreSentAsTheBodyOfAPost() throws Exception {
        vault.kv1("pki/issue/web", "{\"private_key\":\"n0tf0rl0gs\"}");

        SecretAnswer answer = read("pki/issue/web?common_name=a.example.com&alt_names=b%2Cc&ttl=1h#private_key");

        assertThat(answer.data()).isEqualTo(json("{\"private_key\":\"n0tf0rl0gs\"}"));
        assertThat(asked()).containsExactly("POST pki/issue/web");
        assertThat(body(vault.calls().get(0)))
                .isEqualTo("{\"common_name\":\"a.example.com\",\"alt_names\":\"b,c\",\"ttl\":\"1h\"}");
    }

    @Test
    void aPostMayHaveNoParameters() {
        vault.kv2("secret/data/generate", DATA);

        SecretAnswer answer = reader.read(
                SecretReference.builder("secret/data/generate").post().build(),
                Deadline.after(vault, Duration.ofSeconds(10)));

        assertThat(answer.data().fields().keySet()).containsExactly("data", "metadata");
        assertThat(asked()).containsExactly("POST secret/data/generate");
        assertThat(body(vault.calls().get(0))).isEqualTo("{}");
    }

    @Test
    void aRefusedPostIsNotTriedElsewhere() {
        vault.at("pki/issue/web", 403, DENIED);

        refused(VaultPermissionException.class, "pki/issue/web?common_name=n0tf0rl0gs");

        assertThat(asked()).containsExactly("POST pki/issue/web");
    }

    @Test
    void aWrappedAnswerIsUnwrappedAtOnce() {
        wrapped(
                "secret/data/db",
                "{\"data\":{\"data\":" + DATA + ",\"metadata\":{\"version\":4,\"created_time\":\"x\"}}}");

        SecretAnswer answer = read("secret/data/db?wrap_ttl=60s");

        assertThat(answer.version()).isEqualTo(4);
        assertThat(answer.requestedAt()).isEqualTo(FakeVault.START);
        assertThat(answer.response().requestedAt()).isEqualTo(FakeVault.START.plusSeconds(2));
        assertThat(asked()).containsExactly("GET secret/data/db", "POST sys/wrapping/unwrap");
        assertThat(vault.calls().get(0).headers()).containsEntry("X-Vault-Wrap-TTL", "60");
        assertThat(vault.calls().get(1).headers())
                .containsEntry("X-Vault-Token", "hvs.n0tf0rl0gs.wrapping")
                .doesNotContainKey("X-Vault-Wrap-TTL");
    }

    @Test
    void anAnswerMayBeWrappedUnasked() throws Exception {
        wrapped("kv/db", "{\"data\":" + DATA + "}");

        assertThat(read("kv/db").data()).isEqualTo(json(DATA));
        assertThat(vault.calls().get(0).headers()).doesNotContainKey("X-Vault-Wrap-TTL");
    }

    @Test
    void aWrappingTokenShowsNowhere() {
        wrapped("kv/db", "{\"data\":null}");
        assertThat(refused(SecretFormatException.class, "kv/db")).hasMessageContaining("kv/db has no data");

        vault.at("sys/wrapping/unwrap", 400, "{\"errors\":[\"wrapping token is not valid or does not exist\"]}");
        assertThat(refused(VaultException.class, "kv/db")).hasMessageContaining("wrapping token is not valid");
    }

    private void wrapped(String path, String answer) {
        vault.at(path, call -> {
            vault.advance(Duration.ofSeconds(2));
            return new HttpTransport.Reply(
                    200,
                    "{\"data\":null,\"wrap_info\":{\"token\":\"hvs.n0tf0rl0gs.wrapping\",\"ttl\":60}}".getBytes(UTF_8));
        });
        vault.at("sys/wrapping/unwrap", 200, answer);
    }

    // ------------------------------------------------------------------ answers, and what is made of them

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200|{\"data\":null}|has no data: this path answers something else than a secret",
                "200|{\"auth\":{\"client_token\":\"n0tf0rl0gs\"}}|has no data: this path answers something else than a secret",
                "200|{\"wrap_info\":{}}|has no data: this path answers something else than a secret",
            })
    void anAnswerWithoutDataIsNoSecret(int status, String body, String why) {
        vault.at("secret/data/db", status, body);

        SecretFormatException e = refused(SecretFormatException.class, "secret/data/db#password");

        assertThat(e).hasMessage("secret/data/db#password " + why);
        assertThat(e.path()).isEqualTo("secret/data/db");
    }

    @ParameterizedTest
    @CsvSource({"204, ''", "200, ''", "200, {}"})
    void anAnswerWithoutContentIsASecretThatIsNotThere(int status, String body) {
        vault.at("secret/data/db", status, body);

        VaultNotFoundException e = refused(VaultNotFoundException.class, "secret/data/db#password");

        assertThat(e).hasMessage("secret/data/db#password has no content (status " + status + ")");
        assertThat(e.path()).isEqualTo("secret/data/db");
        assertThat(e.answer().fields()).isEmpty();
    }

    @Test
    void anAnswerWithNothingAroundItIsTheSecretItself() {
        vault.at("identity/oidc/.well-known/keys", 200, "{\"keys\":[{\"kid\":\"n0tf0rl0gs\"}]}");

        assertThat(read("identity/oidc/.well-known/keys").data().revealJson())
                .isEqualTo("{\"keys\":[{\"kid\":\"n0tf0rl0gs\"}]}");
    }

    @Test
    void handsOutTheRawResponse() {
        vault.kv2("secret/data/db", DATA);
        SecretBinding<VaultResponse> binding = SecretBinding.of(SecretType.of(VaultResponse.class));
        SecretAnswer answer = read("secret/data/db");

        assertThat(binding.bind(SecretReference.parse("secret/data/db"), answer))
                .isSameAs(answer.response());
        assertThatThrownBy(() -> binding.bind(SecretReference.parse("secret/data/db#password"), answer))
                .isInstanceOf(SecretFormatException.class)
                .hasMessage("secret/data/db#password is a field, and a raw response has none: leave the field out");
    }

    @Test
    void aFunctionOfTheUserBinds() {
        vault.kv2("secret/data/db", DATA);
        SecretAnswer answer = read("secret/data/db");
        SecretReference field = SecretReference.parse("secret/data/db#password");

        assertThat(SecretBinding.of(SecretValue::reveal).bind(field, answer)).isEqualTo("n0tf0rl0gs");
        assertThat(SecretBinding.of(value -> value.fields().size()).bind(SecretReference.parse("x"), answer))
                .isEqualTo(1);
        assertThatThrownBy(() -> SecretBinding.of(SecretValue::reveal)
                        .bind(SecretReference.parse("secret/data/db#none"), answer))
                .isInstanceOf(SecretFormatException.class)
                .hasMessageContaining("does not exist; the secret's fields are [password]");
    }

    @Test
    void whatAFunctionSaysOfAValueIsNotQuoted() {
        vault.kv2("secret/data/db", DATA);
        SecretAnswer answer = read("secret/data/db");
        SecretBinding<Integer> binding = SecretBinding.of(value -> Integer.valueOf(value.reveal()));

        SecretFormatException e = catchThrowableOfType(
                SecretFormatException.class,
                () -> binding.bind(SecretReference.parse("secret/data/db#password"), answer));

        assertThat(e)
                .hasMessage("secret/data/db#password was refused by the function that binds it:"
                        + " java.lang.NumberFormatException")
                .hasNoCause()
                .hasNoSuppressedExceptions();
    }
}
