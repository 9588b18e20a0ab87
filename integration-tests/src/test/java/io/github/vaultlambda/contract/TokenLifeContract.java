package io.github.vaultlambda.contract;

import static io.github.vaultlambda.contract.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** How long a token serves, and what happens when it no longer does. */
interface TokenLifeContract {
    Bench bench();

    @Test
    default void oneLoginServesManyReads() {
        ContractSession session = bench().session();
        for (int i = 0; i < 5; i++) {
            session.read(Bench.SECRET);
            session.read(Bench.OLD_SECRET);
        }
        assertThat(session.logins()).isEqualTo(1);
    }

    @Test
    default void sixteenThreadsMakeOneLogin() throws InterruptedException, ExecutionException {
        ContractSession session = bench().session();
        int threads = 16;
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Boolean>> reads = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                reads.add(pool.submit(() -> {
                    start.await();
                    return bench().password().equals(session.versionedField(Bench.SECRET, "password"));
                }));
            }
            start.countDown();
            for (Future<Boolean> read : reads) {
                assertThat(read.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(session.logins()).isEqualTo(1);
        assertThat(session.requests(Bench.SECRET)).isEqualTo(threads);
    }

    @Test
    default void tokenThatWasRevokedBehindOurBackIsReplacedOnce() {
        ContractSession session = bench().session();
        session.read(Bench.SECRET);
        bench().admin().revokeByAccessor(Objects.requireNonNull(session.token().accessor()));
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
        assertThat(session.logins()).isEqualTo(2);
        assertThat(session.requests(Bench.SECRET)).as("read, refused, read").isEqualTo(3);
        session.read(Bench.SECRET);
        assertThat(session.logins()).isEqualTo(2);
    }

    @Test
    default void secondRefusalIsTheAnswer() {
        ContractSession session = bench().session();
        session.read(Bench.SECRET);
        failureOf(VaultPermissionException.class, () -> session.read(Bench.FORBIDDEN));
        assertThat(session.requests(Bench.FORBIDDEN)).isEqualTo(2);
        assertThat(session.logins()).isEqualTo(2);
        session.read(Bench.SECRET);
        assertThat(session.logins()).as("the new token goes on serving").isEqualTo(2);
    }

    @Test
    default void tokenIsReplacedBeforeItsEnd() {
        ContractSession session = bench().session(bench().loginAs(Bench.SHORT_ROLE));
        VaultToken first = session.token();
        assertThat(first.ttl()).isEqualTo(Bench.SHORT_TTL);
        session.putClockForward(Duration.ofSeconds(40));
        assertThat(session.token()).isSameAs(first);
        session.putClockForward(Duration.ofSeconds(15)); // inside the grace period of 10 s
        assertThat(session.token()).isNotSameAs(first);
        session.read(Bench.SECRET);
        assertThat(session.logins()).isEqualTo(2);
    }

    @Test
    default void tokenIsReplacedAfterTheProcessWasFrozenPastItsEnd() {
        ContractSession session = bench().session(bench().loginAs(Bench.SHORT_ROLE));
        session.read(Bench.SECRET);
        session.putClockForward(Bench.SHORT_TTL.plusSeconds(30));
        session.read(Bench.SECRET);
        assertThat(session.logins()).isEqualTo(2);
        assertThat(session.requests(Bench.SECRET))
                .as("the dead token was not even tried")
                .isEqualTo(2);
    }
}
