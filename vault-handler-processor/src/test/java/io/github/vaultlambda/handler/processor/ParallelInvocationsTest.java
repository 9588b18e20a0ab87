package io.github.vaultlambda.handler.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.vaultlambda.handler.VaultHandler;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets that change while many threads use the handler, as on Managed Instances. */
class ParallelInvocationsTest {
    private static final int THREADS = 32;
    private static final int CHANGES = 300;

    private static final String HEAD = "package shop; import com.amazonaws.services.lambda.runtime.*;"
            + " import io.github.vaultlambda.handler.*; import io.github.vaultlambda.secrets.*; import java.util.*;"
            + " import java.util.concurrent.atomic.*;\n";

    private static final String FIELDS = """
            public class Orders implements RequestHandler<String, String>, AutoCloseable {
                public static final AtomicInteger MADE = new AtomicInteger();
                public static final AtomicInteger CLOSED = new AtomicInteger();
                private final AtomicInteger within = new AtomicInteger();
                private volatile boolean closed;
                @VaultSecret("secret/data/db#user") String user;
                @VaultSecret("secret/data/db#password") String password;

                public Orders() { MADE.incrementAndGet(); }

                @Override
                public String handleRequest(String event, Context context) {
                    within.incrementAndGet();
                    String first = user + "/" + password;
                    for (int i = 0; i < 20; i++) {
                        Thread.yield();
                        if (!first.equals(user + "/" + password)) {
                            return "torn: " + first + " " + user + "/" + password;
                        }
                    }
                    within.decrementAndGet();
                    return closed ? "closed too early" : first;
                }

                @Override
                public void close() {
                    closed = true;
                    if (within.get() != 0) {
                        throw new IllegalStateException("closed within an invocation");
                    }
                    CLOSED.incrementAndGet();
                }
            }
            """;

    private static final String CONSTRUCTOR = """
            public class Orders implements RequestHandler<String, String> {
                private final String user;
                private final String password;

                Orders(@VaultSecret("secret/data/db#user") String user,
                        @VaultSecret("secret/data/db#password") String password) {
                    this.user = user;
                    this.password = password;
                }

                @Override
                public String handleRequest(String event, Context context) {
                    return user + "/" + password;
                }
            }
            """;

    private static final String MIXED = """
            public class Orders implements RequestHandler<String, String> {
                private final String user;
                @VaultSecret("secret/data/db#password") String password;

                Orders(@VaultSecret("secret/data/db#user") String user) {
                    this.user = user;
                }

                @Override
                public String handleRequest(String event, Context context) {
                    String first = password;
                    Thread.yield();
                    return first.equals(password) ? user + "/" + password : "torn";
                }
            }
            """;

    private final ScriptedVault vault = new ScriptedVault();
    private final VaultSecrets secrets = vault.vault();

    @TempDir
    Path folder;

    private void login(int version) {
        vault.kv2("secret/data/db", "{\"user\":\"app" + version + "\",\"password\":\"n0tf0rl0gs" + version + "\"}");
    }

    private ClassLoader compile(String source) {
        Compilation compilation = Compilation.of(folder, HEAD + source);
        assertThat(compilation.complaints()).isEmpty();
        return compilation.load();
    }

    @SuppressWarnings("unchecked")
    private RequestHandler<String, String> wrapper(ClassLoader classes) throws Exception {
        return (RequestHandler<String, String>)
                Compilation.make(classes.loadClass("shop.OrdersWithVault"), VaultSecrets.class, secrets);
    }

    @ParameterizedTest
    @ValueSource(strings = {FIELDS, CONSTRUCTOR, MIXED})
    void eachInvocationSeesOneSet(String source) throws Exception {
        login(0);
        ClassLoader classes = compile(source);
        RequestHandler<String, String> handler = wrapper(classes);
        Secret<String> user = secrets.secret("secret/data/db#user");
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            CountDownLatch begun = new CountDownLatch(THREADS);
            List<Future<?>> invocations = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                invocations.add(threads.submit(() -> {
                    int newest = 0;
                    begun.countDown();
                    while (!over.get()) {
                        String seen = handler.handleRequest("event", null);
                        int version = Integer.parseInt(seen.substring(3, seen.indexOf('/')));
                        assertThat(seen).isEqualTo("app" + version + "/n0tf0rl0gs" + version);
                        assertThat(version).isGreaterThanOrEqualTo(newest);
                        newest = version;
                    }
                    return null;
                }));
            }
            assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
            for (int version = 1; version <= CHANGES; version++) {
                login(version);
                vault.advance(Duration.ofSeconds(2)); // Vault may be asked once in a second
                user.refresh();
                assertThat(handler.handleRequest("event", null)).isEqualTo("app" + version + "/n0tf0rl0gs" + version);
            }
            over.set(true);
            for (Future<?> invocation : invocations) {
                invocation.get(1, TimeUnit.MINUTES);
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
        if (source.equals(FIELDS)) {
            Class<?> orders = classes.loadClass("shop.Orders");
            Object closed = orders.getField("CLOSED").get(null);
            Object all = orders.getField("MADE").get(null);
            assertThat(Integer.parseInt(closed.toString()))
                    .as("all but the last are closed")
                    .isEqualTo(Integer.parseInt(all.toString()) - 1);
        }
    }

    @Test
    void anInvocationThatRunsKeepsItsSet() throws Exception {
        login(1);
        ClassLoader classes = compile("""
                public class Orders implements RequestHandler<String, String> {
                    public static volatile Runnable during = () -> {};
                    @VaultSecret("secret/data/db#user") String user;
                    @VaultSecret("secret/data/db#password") String password;

                    @Override
                    public String handleRequest(String event, Context context) {
                        String before = user;
                        Runnable now = during;
                        during = () -> {};
                        now.run();
                        return before + user + password;
                    }
                }
                """);
        RequestHandler<String, String> handler = wrapper(classes);
        Runnable change = () -> {
            login(2);
            vault.advance(Duration.ofMinutes(1));
            assertThat(handler.handleRequest("inner", null)).isEqualTo("app2app2n0tf0rl0gs2");
        };
        classes.loadClass("shop.Orders").getField("during").set(null, change);

        assertThat(handler.handleRequest("outer", null)).isEqualTo("app1app1n0tf0rl0gs1");
        assertThat(handler.handleRequest("after", null)).isEqualTo("app2app2n0tf0rl0gs2");
    }

    @Test
    void oneHandlerThatWasGivenIsNotTorn() throws Exception {
        login(1);
        ClassLoader classes = compile("""
                public class Orders implements RequestHandler<String, String> {
                    public volatile Runnable during = () -> {};
                    @VaultSecret("secret/data/db#user") String user;

                    @Override
                    public String handleRequest(String event, Context context) {
                        Runnable now = during;
                        during = () -> {};
                        now.run();
                        return user;
                    }
                }
                """);
        @SuppressWarnings("unchecked")
        RequestHandler<String, String> orders = (RequestHandler<String, String>)
                classes.loadClass("shop.Orders").getConstructor().newInstance();
        RequestHandler<String, String> handler = VaultHandler.wrap(orders, secrets);
        Runnable change = () -> {
            login(2);
            vault.advance(Duration.ofMinutes(1));
            assertThatThrownBy(() -> handler.handleRequest("inner", null))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "shop.Orders: parallel invocations cannot share one handler whose @VaultSecret fields are plain"
                                    + " values, because a change would be seen in the midst of them: declare the fields as Secret<...>,"
                                    + " or let the function's handler be the class that is generated for a plain handler, whose name ends"
                                    + " with WithVault");
        };
        orders.getClass().getField("during").set(orders, change);

        assertThat(handler.handleRequest("outer", null)).isEqualTo("app1");
        assertThat(handler.handleRequest("after", null)).isEqualTo("app2");
    }
}
