package io.github.vaultlambda.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.auth.aws.AwsCredentials;
import io.github.vaultlambda.auth.aws.AwsIamLogin;
import io.github.vaultlambda.auth.aws.AwsIamOptions;
import io.github.vaultlambda.auth.aws.RoleNotBoundException;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultClient;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.fakes.ScriptedTransport;
import io.github.vaultlambda.http.HttpTransport;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VaultSessionTest {
    private static final AwsCredentials CREDENTIALS =
            AwsCredentials.of("ASIAEXAMPLE", "n0tf0rl0gs-key", "n0tf0rl0gs-session");

    private final FakeClock clock = new FakeClock();
    private final ScriptedTransport vault = new ScriptedTransport();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger logins = new AtomicInteger();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private static VaultConfig.Builder config() {
        return VaultConfig.builder().address(URI.create("https://vault.example.com"));
    }

    private VaultSession session(VaultConfig config) {
        return VaultSession.of(
                config,
                new AwsIamLogin(AwsIamOptions.of("orders"), deadline -> CREDENTIALS, clock),
                vault.platform(clock));
    }

    /** Accepts each login with a numbered token that lives so long. */
    private HttpTransport accepting(int ttlSeconds) {
        return call -> {
            int number = logins.incrementAndGet();
            return ScriptedTransport.reply(
                    200,
                    "{\"auth\":{\"client_token\":\"hvs.n0tf0rl0gs." + number + "\",\"accessor\":\"accessor-" + number
                            + "\",\"lease_duration\":" + ttlSeconds + ",\"renewable\":false}}");
        };
    }

    private Deadline soon() {
        return Deadline.after(clock, Duration.ofSeconds(10));
    }

    /** As many calls at once; the last of them waits for the first when this returns. */
    private List<Future<VaultToken>> atOnce(int count, VaultSession session, CountDownLatch loginBegun)
            throws InterruptedException {
        Deadline deadline = Deadline.after(InstantSource.system(), Duration.ofMinutes(1));
        List<Future<VaultToken>> all = new ArrayList<>();
        all.add(threads.submit(() -> session.token(deadline)));
        assertThat(loginBegun.await(1, TimeUnit.MINUTES)).isTrue();
        List<Thread> waiters = new CopyOnWriteArrayList<>();
        for (int i = 1; i < count; i++) {
            all.add(threads.submit(() -> {
                waiters.add(Thread.currentThread());
                return session.token(deadline);
            }));
        }
        while (waiters.size() < count - 1
                || !waiters.stream().allMatch(waiter -> waiter.getState() == Thread.State.TIMED_WAITING)) {
            Thread.onSpinWait();
        }
        return all;
    }

    private static HttpTransport held(CountDownLatch begun, CountDownLatch end, HttpTransport answer) {
        return call -> {
            begun.countDown();
            try {
                assertThat(end.await(1, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return answer.send(call);
        };
    }

    @Test
    void touchesNothingBeforeItIsAsked() {
        VaultSession session = session(config().build());
        VaultClient client = session.client();

        assertThat(client).isNotNull();
        assertThat(session.endpoint().address()).hasToString("https://vault.example.com");
        assertThat(session.platform().clock()).isSameAs(clock);
        assertThat(vault.calls()).isEmpty();
    }

    @Test
    void fiftyThreadsAtOnceAreOneLogin() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        vault.otherwise(held(begun, end, accepting(3600)));

        List<Future<VaultToken>> all = atOnce(50, session(config().build()), begun);
        end.countDown();

        VaultToken first = all.get(0).get(1, TimeUnit.MINUTES);
        for (Future<VaultToken> one : all) {
            assertThat(one.get(1, TimeUnit.MINUTES)).isSameAs(first);
        }
        assertThat(vault.calls()).hasSize(1);
    }

    @Test
    void aFailureIsSharedByAllWhoWaitAndTheNextCallTriesAgain() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        vault.then(held(
                begun,
                end,
                call -> ScriptedTransport.reply(400, "{\"errors\":[\"entry for role orders not found\"]}")));
        VaultSession session = session(config().build());

        List<Future<VaultToken>> all = atOnce(20, session, begun);
        end.countDown();

        for (Future<VaultToken> one : all) {
            assertThatThrownBy(() -> one.get(1, TimeUnit.MINUTES)).hasCauseInstanceOf(RoleNotBoundException.class);
        }
        assertThat(vault.calls()).hasSize(1);

        vault.then(accepting(3600));
        assertThat(session.token(soon()).accessor()).isEqualTo("accessor-1");
        assertThat(vault.calls()).hasSize(2);
    }

    @Test
    void keepsATokenUntilItsGraceBegins() {
        vault.otherwise(accepting(3600));
        VaultSession session =
                session(config().tokenGrace(Duration.ofSeconds(10)).build());
        VaultToken first = session.token(soon());

        clock.advance(Duration.ofSeconds(3600 - 10).minusMillis(1));
        assertThat(session.token(soon())).isSameAs(first);

        clock.advance(Duration.ofMillis(1));
        assertThat(session.token(soon()).accessor()).isEqualTo("accessor-2");
        assertThat(vault.calls()).hasSize(2);
    }

    @Test
    void anHourInTheFreezerEndsAToken() {
        vault.otherwise(accepting(900));
        VaultSession session = session(config().build());
        session.token(soon());

        clock.advance(Duration.ofHours(1));

        assertThat(session.token(soon()).accessor()).isEqualTo("accessor-2");
        assertThat(session.token(soon()).accessor()).isEqualTo("accessor-2");
    }

    @Test
    void theTimeOfTheLoginItselfCounts() {
        vault.then(call -> {
                    clock.advance(Duration.ofSeconds(8));
                    return accepting(20).send(call);
                })
                .otherwise(accepting(20));
        VaultSession session =
                session(config().tokenGrace(Duration.ofSeconds(10)).build());
        session.token(soon());

        clock.advance(Duration.ofSeconds(2));

        assertThat(session.token(soon()).accessor()).isEqualTo("accessor-2");
    }

    @Test
    void aTokenWithoutTtlIsForEver() {
        vault.then(accepting(0));
        VaultSession session = session(config().build());
        VaultToken token = session.token(soon());

        clock.advance(Duration.ofDays(10_000));

        assertThat(session.token(soon())).isSameAs(token);
        assertThat(vault.calls()).hasSize(1);
    }

    @Test
    void rejectDropsThatVeryTokenOnly() {
        vault.otherwise(accepting(3600));
        VaultSession session = session(config().build());
        VaultToken first = session.token(soon());

        session.reject(first);
        VaultToken second = session.token(soon());
        session.reject(first);

        assertThat(second).isNotSameAs(first);
        assertThat(session.token(soon())).isSameAs(second);
        assertThat(vault.calls()).hasSize(2);
    }

    @Test
    void aWaiterLeavesWhenItsTimeIsOver() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        vault.otherwise(held(begun, end, accepting(3600)));
        VaultSession session = session(config().build());
        List<Future<VaultToken>> all = atOnce(2, session, begun);

        assertThatThrownBy(() -> session.token(Deadline.after(clock, Duration.ZERO)))
                .isInstanceOf(VaultUnavailableException.class)
                .hasMessageContaining("auth/login");

        end.countDown();
        assertThat(all.get(1).get(1, TimeUnit.MINUTES).accessor()).isEqualTo("accessor-1");
    }

    @Test
    void aRequestHealsOnceWithANewLogin() {
        vault.then(accepting(3600))
                .then(200, "{}")
                .then(403, "{\"errors\":[\"permission denied\"]}")
                .then(accepting(3600))
                .then(200, "{}");
        VaultClient client = session(config().build()).client();

        client.read("secret/data/db");
        clock.advance(Duration.ofMinutes(1));
        client.read("secret/data/db");

        assertThat(vault.calls())
                .extracting(call -> call + " " + call.headers().getOrDefault("X-Vault-Token", "-"))
                .containsExactly(
                        "PUT https://vault.example.com/v1/auth/aws/login -",
                        "GET https://vault.example.com/v1/secret/data/db hvs.n0tf0rl0gs.1",
                        "GET https://vault.example.com/v1/secret/data/db hvs.n0tf0rl0gs.1",
                        "PUT https://vault.example.com/v1/auth/aws/login -",
                        "GET https://vault.example.com/v1/secret/data/db hvs.n0tf0rl0gs.2");
    }

    @Test
    void reportsTheFaultsOfAllRoomsAtOnce() {
        assertThatThrownBy(() -> VaultSession.fromEnvironment(
                        Map.of("VAULT_ADDR", "junk", "AWS_LAMBDA_FUNCTION_NAME", "orders")))
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContainingAll(
                        "has 5 faults",
                        "VAULT_ADDR is \"junk\"",
                        "VAULT_AUTH_PROVIDER",
                        "VAULT_AUTH_ROLE",
                        "AWS_ACCESS_KEY_ID",
                        "AWS_SECRET_ACCESS_KEY");
    }

    @Test
    void readsItsConfigurationFromVariables() {
        VaultSession session = VaultSession.fromEnvironment(Map.of(
                "VAULT_ADDR", "https://vault.example.com",
                "VAULT_AUTH_PROVIDER", "aws",
                "VAULT_AUTH_ROLE", "orders",
                "AWS_ACCESS_KEY_ID", "ASIAEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "n0tf0rl0gs-key"));

        assertThat(session.config().address()).hasToString("https://vault.example.com");
    }

    @Test
    void aLoginMethodOfOnesOwnWillDo() {
        VaultConfig config = config().build();
        vault.then(200, "{}");
        LoginMethod method = new LoginMethod() {
            @Override
            public VaultToken login(VaultEndpoint endpoint, Deadline deadline) {
                return new VaultToken(
                        SecretValue.of("hvs.n0tf0rl0gs.own"), null, clock.instant(), Duration.ofHours(1), false);
            }

            @Override
            public String describe() {
                return "nobody";
            }
        };

        VaultSession.of(config, method, vault.platform(clock)).client().read("sys/health");

        assertThat(vault.call(0).headers()).containsEntry("X-Vault-Token", "hvs.n0tf0rl0gs.own");
    }
}
