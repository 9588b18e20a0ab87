package io.github.vaultlambda.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private final CountDownLatch setUp = new CountDownLatch(1);
    private final List<String> written = new ArrayList<>();

    private Backlog backlog() {
        return new Backlog(() -> {
            try {
                assertThat(setUp.await(1, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private Runnable line(String text) {
        return () -> {
            synchronized (written) {
                written.add(text);
            }
        };
    }

    private static void awaitEnd(Backlog backlog) {
        while (!backlog.isOver()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void nobodyWaitsForTheSetUp() {
        Backlog backlog = backlog();

        backlog.add(line("a"));
        backlog.add(line("b"));

        synchronized (written) {
            assertThat(written).isEmpty();
        }
        assertThat(backlog.isOver()).isFalse();
        setUp.countDown();
        awaitEnd(backlog);
        synchronized (written) {
            assertThat(written).containsExactly("a", "b");
        }
    }

    @Test
    void afterwardsALineIsWrittenByWhoeverSaysIt() {
        Backlog backlog = backlog();
        backlog.begin();
        setUp.countDown();
        awaitEnd(backlog);
        List<Thread> writers = new ArrayList<>();

        backlog.add(() -> writers.add(Thread.currentThread()));

        assertThat(writers).containsExactly(Thread.currentThread());
    }

    @Test
    void flushWritesWhatIsKeptBeforeItReturns() {
        Backlog backlog = backlog();
        backlog.add(line("a"));
        backlog.add(line("b"));
        setUp.countDown();

        backlog.flush();

        synchronized (written) {
            assertThat(written).containsExactly("a", "b");
        }
        assertThat(backlog.isOver()).isTrue();
        backlog.flush();
        assertThat(written).hasSize(2);
    }

    @Test
    void noLineIsLostOrWrittenTwiceAndEachThreadsOrderIsKept() throws InterruptedException {
        Backlog backlog = backlog();
        int threads = 8;
        int lines = 2_000;
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int number = t;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < lines; i++) {
                    backlog.add(line(number + " " + i));
                    if (i == lines / 2) {
                        setUp.countDown();
                    }
                }
            });
            all.add(thread);
            thread.start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        awaitEnd(backlog);

        synchronized (written) {
            assertThat(written).hasSize(threads * lines).doesNotHaveDuplicates();
            for (int t = 0; t < threads; t++) {
                String own = t + " ";
                List<Integer> order = written.stream()
                        .filter(text -> text.startsWith(own))
                        .map(text -> Integer.parseInt(text.substring(own.length())))
                        .toList();
                assertThat(order).isSorted();
            }
        }
    }
}
