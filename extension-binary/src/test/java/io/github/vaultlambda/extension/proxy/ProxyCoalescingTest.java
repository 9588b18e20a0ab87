package io.github.vaultlambda.extension.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import io.github.vaultlambda.extension.FakeUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Equal reads that come at the same time go to Vault once. */
class ProxyCoalescingTest {
    private static final String KV2 = "{\"lease_id\":\"\",\"lease_duration\":0,\"data\":{\"data\":{}}}";
    private static final String LEASED = "{\"lease_id\":\"db/1\",\"lease_duration\":20,\"data\":{}}";

    private final Map<String, String> variables = new HashMap<>();
    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger arrived = new AtomicInteger();
    private @Nullable ProxyStage stage;

    @AfterEach
    void close() {
        open.countDown();
        if (stage != null) {
            stage.close();
        }
    }

    @Test
    void equalReadsAreSentOnceWithoutACache() throws Exception {
        ProxyStage proxy = start(held(200, KV2));
        List<CompletableFuture<String>> answers = proxy.getLater(20, "/v1/a");
        awaitWaiting(proxy, 20);
        open.countDown();
        assertThat(all(answers)).allSatisfy(answer -> assertThat(answer).endsWith(KV2));
        assertThat(proxy.asked()).isEqualTo(1);
        assertThat(proxy.proxy().counters().coalesced()).isEqualTo(19);
        proxy.read("/v1/a");
        assertThat(proxy.asked()).as("and nothing is kept").isEqualTo(2);
    }

    @Test
    void theyAreSentEachWhereThatIsWished() throws Exception {
        variables.put(ProxySettings.COALESCE, "false");
        ProxyStage proxy = start(held(200, KV2));
        List<CompletableFuture<String>> answers = proxy.getLater(8, "/v1/a");
        awaitArrived(8);
        open.countDown();
        assertThat(all(answers)).hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nocache", "recache"})
    void whoInsistsAsksVaultAlone(String wish) throws Exception {
        variables.put("VAULT_DEFAULT_CACHE_TTL", "60s");
        ProxyStage proxy = start(held(200, KV2));
        List<CompletableFuture<String>> answers = proxy.getLater(5, "/v1/a", "X-Vault-Cache-Control: " + wish);
        awaitArrived(5);
        open.countDown();
        assertThat(all(answers)).hasSize(5);
    }

    @Test
    void differentReadsDoNotWaitForEachOther() throws Exception {
        variables.put("VAULT_DEFAULT_CACHE_TTL", "60s");
        variables.put("VAULT_DEFAULT_CACHE_ENABLED", "true");
        ProxyStage proxy = start(held(200, KV2));
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            answers.add(proxy.getLater("/v1/" + i));
        }
        awaitArrived(64); // all at once, or this waits in vain
        open.countDown();
        assertThat(all(answers)).hasSize(64);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 500})
    void failuresAreSharedOnceAndNotKept(int status) throws Exception {
        variables.put("VAULT_DEFAULT_CACHE_TTL", "60s");
        variables.put("VAULT_DEFAULT_CACHE_ENABLED", "true");
        ProxyStage proxy = start(exchange -> {
            if (arrived.incrementAndGet() == 1) {
                await(open);
            }
            FakeUpstream.answer(exchange, status, "failed");
        });
        List<CompletableFuture<String>> answers = proxy.getLater(10, "/v1/a");
        awaitWaiting(proxy, 10);
        open.countDown();
        assertThat(all(answers))
                .allSatisfy(answer -> assertThat(ProxyStage.status(answer)).isEqualTo(status));
        int tries = status == 500 ? 3 : 1;
        assertThat(proxy.asked()).isEqualTo(tries);
        proxy.read("/v1/a");
        assertThat(proxy.asked()).isEqualTo(2 * tries);
    }

    @Test
    void credentialsAreForEachWhoAsksUnlessTheyAreKept() throws Exception {
        ProxyStage proxy = start(exchange -> {
            if (arrived.incrementAndGet() == 1) {
                await(open);
            }
            FakeUpstream.answer(exchange, 200, LEASED);
        });
        List<CompletableFuture<String>> answers = proxy.getLater(4, "/v1/database/creds/app");
        awaitWaiting(proxy, 4);
        open.countDown();
        assertThat(all(answers)).hasSize(4);
        assertThat(proxy.asked()).isEqualTo(4);
    }

    @Test
    void credentialsThatAreKeptAreShared() throws Exception {
        variables.put("VAULT_DEFAULT_CACHE_TTL", "60s");
        variables.put("VAULT_DEFAULT_CACHE_ENABLED", "true");
        ProxyStage proxy = start(held(200, LEASED));
        List<CompletableFuture<String>> answers = proxy.getLater(4, "/v1/database/creds/app");
        awaitWaiting(proxy, 4);
        open.countDown();
        assertThat(all(answers)).hasSize(4);
        assertThat(proxy.asked()).isEqualTo(1);
    }

    @Test
    void whoWaitsAsksItselfWhenTheOneThatAskedGoes() throws Exception {
        ProxyStage proxy = start(exchange -> {
            if (arrived.incrementAndGet() == 1) {
                await(open);
            }
            FakeUpstream.answer(exchange, 200, KV2);
        });
        Socket leader = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        leader.getOutputStream().write("GET /v1/a HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
        awaitArrived(1);
        CompletableFuture<String> follower = proxy.getLater("/v1/a");
        awaitWaiting(proxy, 2);
        leader.close();
        assertThat(follower.get(20, TimeUnit.SECONDS)).endsWith(KV2);
        assertThat(proxy.asked()).isEqualTo(2);
    }

    @Test
    void whoWaitsCanGo() throws Exception {
        ProxyStage proxy = start(held(200, KV2));
        CompletableFuture<String> leader = proxy.getLater("/v1/a");
        awaitArrived(1);
        Socket follower = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        follower.getOutputStream().write("GET /v1/a HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
        awaitWaiting(proxy, 2);
        follower.close();
        while (proxy.proxy().waiting() > 1) {
            Thread.onSpinWait(); // until the watch has found out
        }
        open.countDown();
        assertThat(leader.get(20, TimeUnit.SECONDS)).endsWith(KV2);
        assertThat(proxy.asked()).isEqualTo(1);
    }

    @Test
    void anAnswerWithoutAnEndIsNotWaitedFor() throws Exception {
        ProxyStage proxy = start(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("first".getBytes(US_ASCII));
            exchange.getResponseBody().flush();
            if (arrived.incrementAndGet() == 1) {
                await(open);
            }
            exchange.close();
        });
        CompletableFuture<String> endless = proxy.getLater("/v1/sys/monitor");
        awaitArrived(1);
        assertThat(proxy.get("/v1/sys/monitor")).contains("first");
        assertThat(endless).isNotDone();
        assertThat(proxy.asked()).isEqualTo(2);
    }

    @Test
    void whoHasWrittenDoesNotGetWhatWasAskedForBefore() throws Exception {
        ProxyStage proxy = start(overtaken());
        CompletableFuture<String> early = proxy.getLater("/v1/a");
        awaitArrived(1);
        proxy.send("POST", "/v1/a", "{}");
        assertThat(proxy.read("/v1/a")).isEqualTo("value 2");
        open.countDown();
        assertThat(early.get(20, TimeUnit.SECONDS)).endsWith("value 1");
    }

    @Test
    void aReadThatAWriteOvertookIsNotKept() throws Exception {
        variables.put("VAULT_DEFAULT_CACHE_TTL", "60s");
        variables.put("VAULT_DEFAULT_CACHE_ENABLED", "true");
        ProxyStage proxy = start(overtaken());
        CompletableFuture<String> early = proxy.getLater("/v1/a");
        awaitArrived(1);
        proxy.send("POST", "/v1/a", "{}");
        open.countDown();
        early.get(20, TimeUnit.SECONDS);
        assertThat(proxy.read("/v1/a")).isEqualTo("value 2");
    }

    /** A value that is written while its first reader still waits for it. */
    private HttpHandler overtaken() {
        AtomicInteger value = new AtomicInteger(1);
        return exchange -> {
            boolean write = exchange.getRequestMethod().equals("POST");
            int seen = write ? value.incrementAndGet() : value.get();
            if (!write && arrived.incrementAndGet() == 1) {
                await(open);
            }
            FakeUpstream.answer(exchange, 200, "value " + seen);
        };
    }

    private HttpHandler held(int status, String text) {
        return exchange -> {
            arrived.incrementAndGet();
            await(open);
            FakeUpstream.answer(exchange, status, text);
        };
    }

    private ProxyStage start(HttpHandler behaviour) throws IOException {
        stage = new ProxyStage(behaviour).start(variables);
        return stage;
    }

    private static List<String> all(List<CompletableFuture<String>> answers) throws Exception {
        List<String> texts = new ArrayList<>();
        for (CompletableFuture<String> answer : answers) {
            texts.add(answer.get(20, TimeUnit.SECONDS));
        }
        return texts;
    }

    private void awaitArrived(int count) {
        while (arrived.get() < count) {
            Thread.onSpinWait();
        }
    }

    /** Until that many requests are in the proxy: one asks Vault, the others wait for it. */
    private static void awaitWaiting(ProxyStage proxy, int count) {
        while (proxy.proxy().waiting() < count) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IOException("waited in vain");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
