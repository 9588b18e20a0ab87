package io.github.vaultlambda.handler.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.handler.VaultHandler;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is generated, compiled and run. */
class GeneratedHandlerTest {
    private static final String HEAD = """
            package shop;

            import com.amazonaws.services.lambda.runtime.*;
            import io.github.vaultlambda.handler.*;
            import io.github.vaultlambda.secrets.*;
            import io.github.vaultlambda.client.*;
            import java.io.*;
            import java.util.*;
            import java.util.function.Supplier;

            """;

    private final ScriptedVault vault = new ScriptedVault();
    private final VaultSecrets secrets = vault.vault();

    @TempDir
    Path folder;

    @BeforeEach
    void fill() {
        vault.kv2(
                "secret/data/db",
                "{\"password\":\"n0tf0rl0gs1\",\"user\":\"app1\",\"port\":5432,\"big\":12345678901,\"ratio\":0.5,"
                        + "\"on\":true,\"letter\":\"x\",\"key\":\"AQI=\",\"ports\":[1,2],\"mode\":\"fast\","
                        + "\"tls\":{\"mode\":\"require\"}}");
    }

    private ClassLoader compile(String... sources) {
        Compilation compilation = Compilation.of(folder, withHead(sources));
        assertThat(compilation.complaints()).isEmpty();
        return compilation.load();
    }

    private static String[] withHead(String... sources) {
        String[] all = new String[sources.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = sources[i].startsWith("package ") ? sources[i] : HEAD + sources[i];
        }
        return all;
    }

    private Object wrapper(ClassLoader classes, String name) throws Exception {
        return Compilation.make(classes.loadClass(name), VaultSecrets.class, secrets);
    }

    @SuppressWarnings("unchecked")
    private RequestHandler<String, String> handler(String name, String... sources) throws Exception {
        return (RequestHandler<String, String>) wrapper(compile(sources), name);
    }

    private static Object call(Object handler, String method, @Nullable Object... arguments) throws Exception {
        for (Method candidate : handler.getClass().getMethods()) {
            if (candidate.getName().equals(method) && candidate.getParameterCount() == arguments.length) {
                return candidate.invoke(handler, arguments);
            }
        }
        throw new AssertionError("no method " + method);
    }

    @Test
    void fieldsOfEveryTypeAreInjected() throws Exception {
        RequestHandler<String, String> handler = handler("shop.OrdersWithVault", """
                public class Orders implements RequestHandler<String, String> {
                    record Login(String user, String password) {}
                    enum Mode { FAST, SLOW }
                    static class Bean { public String mode; }

                    @VaultSecret("secret/data/db#password") String text;
                    @VaultSecret("secret/data/db#password") protected SecretValue hidden;
                    @VaultSecret("secret/data/db#port") public int number;
                    @VaultSecret("secret/data/db#big") long big;
                    @VaultSecret("secret/data/db#ratio") double ratio;
                    @VaultSecret("secret/data/db#ratio") float small;
                    @VaultSecret("secret/data/db#port") short little;
                    @VaultSecret("secret/data/db#on") boolean on;
                    @VaultSecret("secret/data/db#letter") char letter;
                    @VaultSecret("secret/data/db#port") Integer boxed;
                    @VaultSecret("secret/data/db#mode") Mode mode;
                    @VaultSecret("secret/data/db#key") byte[] key;
                    @VaultSecret("secret/data/db#password") char[] letters;
                    @VaultSecret("secret/data/db") Login login;
                    @VaultSecret("secret/data/db#tls") Map<String, String> tls;
                    @VaultSecret("secret/data/db#tls") Bean bean;
                    @VaultSecret("secret/data/db#ports") List<Integer> ports;
                    @VaultSecret("secret/data/db#ports") Set<Long> portSet;
                    @VaultSecret("secret/data/db#ports") int[] portArray;
                    @VaultSecret("secret/data/db#password") Optional<String> maybe;
                    @VaultSecret("secret/data/db#none") Optional<List<String>> nothing;
                    @VaultSecret("secret/data/db#password") Secret<String> secret;
                    @VaultSecret("secret/data/db#ports") Supplier<List<Integer>> supplier;
                    @VaultSecret("secret/data/none#x") Secret<Optional<String>> lazyNothing;
                    @VaultSecret("secret/data/db") VaultResponse response;
                    @VaultSecret("secret/data/db#ports") Object object;

                    @Override
                    public String handleRequest(String in, Context context) {
                        return String.join(" ", text, hidden.reveal(), "" + number, "" + big, "" + ratio, "" + small,
                                "" + little, "" + on, "" + letter, "" + boxed, mode.name(), Arrays.toString(key),
                                new String(letters), login.toString(), tls.toString(), bean.mode, ports.toString(),
                                "" + portSet.contains(2L), Arrays.toString(portArray), maybe.get(), "" + nothing,
                                secret.get(), supplier.get().toString(), "" + lazyNothing.get(),
                                "" + response.data().field("data").field("user").reveal(), object.toString());
                    }
                }
                """);

        assertThat(handler.handleRequest("in", null))
                .isEqualTo("n0tf0rl0gs1 n0tf0rl0gs1 5432 12345678901 0.5 0.5 5432 true x 5432 FAST [1, 2] n0tf0rl0gs1"
                        + " Login[user=app1, password=n0tf0rl0gs1] {mode=require} require [1, 2] true [1, 2] n0tf0rl0gs1"
                        + " Optional.empty n0tf0rl0gs1 [1, 2] Optional.empty app1 [1, 2]");
        assertThat(vault.reads()).isEqualTo(1);
    }

    @Test
    void aChangeIsSeenByTheNextInvocation() throws Exception {
        RequestHandler<String, String> handler = handler("shop.OrdersWithVault", """
                public final class Orders implements RequestHandler<String, String> {
                    static int made;
                    int calls;
                    @VaultSecret("secret/data/db#user") String user;
                    @VaultSecret("secret/data/db#password") String password;

                    Orders() { made++; }

                    @Override
                    public String handleRequest(String in, Context context) {
                        return user + " " + password + " " + made + " " + ++calls;
                    }
                }
                """);
        assertThat(handler.handleRequest("in", null)).isEqualTo("app1 n0tf0rl0gs1 1 1");

        vault.kv2("secret/data/db", "{\"password\":\"n0tf0rl0gs2\",\"user\":\"app2\"}");
        assertThat(handler.handleRequest("in", null)).isEqualTo("app1 n0tf0rl0gs1 1 2");
        vault.advance(Duration.ofMinutes(1));
        assertThat(handler.handleRequest("in", null)).isEqualTo("app2 n0tf0rl0gs2 1 3");
    }

    @Test
    void eachMemberHasItsTtl() throws Exception {
        RequestHandler<String, String> handler = handler("shop.OrdersWithVault", """
                public class Orders implements RequestHandler<String, String> {
                    @VaultSecret(value = "secret/data/api#key", ttl = "1h30m") String key;
                    @VaultSecret("secret/data/db#password") String password;

                    public String handleRequest(String in, Context context) {
                        return key + " " + password;
                    }
                }
                """);
        vault.kv2("secret/data/api", "{\"key\":\"k1\"}");
        assertThat(handler.handleRequest("in", null)).isEqualTo("k1 n0tf0rl0gs1");

        vault.kv2("secret/data/api", "{\"key\":\"k2\"}");
        vault.kv2("secret/data/db", "{\"password\":\"n0tf0rl0gs2\"}");
        vault.advance(Duration.ofMinutes(89));
        assertThat(handler.handleRequest("in", null)).isEqualTo("k1 n0tf0rl0gs2");
        vault.advance(Duration.ofMinutes(1));
        assertThat(handler.handleRequest("in", null)).isEqualTo("k2 n0tf0rl0gs2");
    }

    @Test
    void anyReferenceIsTakenAsItIs() throws Exception {
        vault.kv2("secret/data/$root", "{\"$Handler\":\"1\",\"ü\":\"2\"}");
        RequestHandler<String, String> handler = handler("shop._OrdersWithVault", """
                public class $Orders implements RequestHandler<String, String> {
                    @VaultSecret("secret/data/$root#$Handler") String $members;
                    @VaultSecret("secret/data/$root#\u00fc") String umlaut;

                    public String handleRequest(String turn, Context context) {
                        return $members + umlaut;
                    }
                }
                """);

        assertThat(handler.handleRequest("in", null)).isEqualTo("12");
    }

    @Test
    void noNameOfAParameterIsInTheWay() throws Exception {
        Object handler = wrapper(compile("""
                        public class Orders {
                            public String a(String vaultHandler, Context turn,
                                    @VaultSecret("secret/data/db#user") String user) {
                                return vaultHandler + user;
                            }

                            public String b(String java, Context io,
                                    @VaultSecret("secret/data/db#none") Optional<String> nothing) {
                                return java + nothing;
                            }

                            public void c(InputStream context, OutputStream input, Context output,
                                    @VaultSecret("secret/data/db#key") byte[] key) throws IOException {
                                input.write(key);
                            }
                        }
                        """), "shop.OrdersWithVault");

        assertThat(call(handler, "a", "in", null)).isEqualTo("inapp1");
        assertThat(call(handler, "b", "in", null)).isEqualTo("inOptional.empty");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        call(handler, "c", new ByteArrayInputStream(new byte[0]), out, null);
        assertThat(out.toByteArray()).containsExactly(1, 2);
    }

    /** A line end before the field belongs to no path, and yet to the text that is compiled. */
    @Test
    void aReferenceWithALineEndIsCompiled() throws Exception {
        RequestHandler<String, String> handler = handler("shop.OrdersWithVault", """
                public class Orders implements RequestHandler<String, String> {
                    @VaultSecret("secret/data/db\\n#user") String user;

                    public String handleRequest(String in, Context context) {
                        return user;
                    }
                }
                """);

        assertThat(handler.handleRequest("in", null)).isEqualTo("app1");
    }

    @Test
    void anAbsentSecretLeavesWhatTheHandlerInitialized() throws Exception {
        RequestHandler<String, String> handler = handler("shop.OrdersWithVault", """
                public class Orders implements RequestHandler<String, String> {
                    @VaultSecret(value = "secret/data/none#x", required = false) String text = "initial";
                    @VaultSecret(value = "secret/data/none#x", required = false) Integer number;
                    @VaultSecret("secret/data/none#x") Optional<String> maybe;

                    public String handleRequest(String in, Context context) {
                        return text + " " + number + " " + maybe;
                    }
                }
                """);
        assertThat(handler.handleRequest("in", null)).isEqualTo("initial null Optional.empty");

        vault.kv2("secret/data/none", "{\"x\":\"1\"}");
        assertThat(handler.handleRequest("in", null)).isEqualTo("1 1 Optional[1]");

        vault.delete("secret/data/none");
        vault.advance(Duration.ofMinutes(1));
        assertThat(handler.handleRequest("in", null)).isEqualTo("initial null Optional.empty");
    }

    @Test
    void aMissingRequiredSecretFailsTheInvocationAlone() throws Exception {
        RequestHandler<String, String> handler = handler("shop.OrdersWithVault", """
                public class Orders implements RequestHandler<String, String> {
                    @VaultSecret("secret/data/none#x") String text;

                    public String handleRequest(String in, Context context) {
                        return text;
                    }
                }
                """);
        assertThatThrownBy(() -> handler.handleRequest("in", null)).isInstanceOf(VaultNotFoundException.class);

        vault.kv2("secret/data/none", "{\"x\":\"1\"}");
        assertThat(handler.handleRequest("in", null)).isEqualTo("1");
    }

    @Test
    void aHandlerMayGoOnWithWhatIsThere() throws Exception {
        RequestHandler<String, String> handler = handler("shop.OrdersWithVault", """
                @VaultFunction(onFailure = FailurePolicy.CONTINUE, restore = RestorePolicy.LOGIN, prefetch = false,
                        reserve = "1s")
                public class Orders implements RequestHandler<String, String> {
                    @VaultSecret("secret/data/db#password") String password = "initial";
                    @VaultSecret("secret/data/db#port") int port = -1;

                    public String handleRequest(String in, Context context) {
                        return password + " " + port;
                    }
                }
                """);
        assertThat(vault.reads()).isZero();
        vault.setDown(true);
        assertThat(handler.handleRequest("in", null)).isEqualTo("initial -1");

        vault.setDown(false);
        vault.advance(Duration.ofSeconds(2));
        assertThat(handler.handleRequest("in", null)).isEqualTo("n0tf0rl0gs1 5432");

        vault.setDown(true);
        vault.advance(Duration.ofHours(9));
        assertThat(handler.handleRequest("in", null)).isEqualTo("n0tf0rl0gs1 5432");
    }

    @Test
    void aConstructorGetsItsSecretsAndANewHandlerTheChangedOnes() throws Exception {
        RequestHandler<String, String> handler = handler("shop.OrdersWithVault", """
                public class Orders implements RequestHandler<String, String>, AutoCloseable {
                    static final List<String> CLOSED = new ArrayList<>();
                    private final String password;
                    private final int port;
                    private final Secret<String> user;
                    private final Optional<String> nothing;
                    private final String absent;

                    Orders(@VaultSecret("secret/data/db#password") String password,
                            @VaultSecret("secret/data/db#port") int port,
                            @VaultSecret("secret/data/db#user") Secret<String> user,
                            @VaultSecret("secret/data/db#none") Optional<String> nothing,
                            @VaultSecret(value = "secret/data/db#none", required = false) String absent) {
                        this.password = password;
                        this.port = port;
                        this.user = user;
                        this.nothing = nothing;
                        this.absent = absent;
                    }

                    public String handleRequest(String in, Context context) {
                        return password + " " + port + " " + user.get() + " " + nothing + " " + absent + " " + CLOSED;
                    }

                    @Override
                    public void close() {
                        CLOSED.add(password);
                    }
                }
                """);
        assertThat(vault.reads()).as("made at once").isEqualTo(1);
        assertThat(handler.handleRequest("in", null)).isEqualTo("n0tf0rl0gs1 5432 app1 Optional.empty null []");

        vault.kv2("secret/data/db", "{\"password\":\"n0tf0rl0gs2\",\"user\":\"app2\",\"port\":1}");
        vault.advance(Duration.ofMinutes(1));
        assertThat(handler.handleRequest("in", null)).isEqualTo("n0tf0rl0gs2 1 app2 Optional.empty null [n0tf0rl0gs1]");
    }

    @Test
    void aHandlerThatNeedsSecretsIsMadeWhenTheyCanBeHad() throws Exception {
        vault.setDown(true);
        RequestHandler<String, String> handler = handler("shop.OrdersWithVault", """
                public record Orders(@VaultSecret("secret/data/db#password") String password)
                        implements RequestHandler<String, String> {
                    public String handleRequest(String in, Context context) {
                        return password;
                    }
                }
                """);
        assertThatThrownBy(() -> handler.handleRequest("in", null)).isInstanceOf(VaultUnavailableException.class);

        vault.setDown(false);
        assertThat(handler.handleRequest("in", null)).isEqualTo("n0tf0rl0gs1");
    }

    @Test
    void aHandlerThatGoesOnWithoutSecretsTriesAgainAfterTheInitialization() throws Exception {
        vault.setDown(true);
        RequestHandler<String, String> handler = handler("shop.OrdersWithVault", """
                @VaultFunction(onFailure = FailurePolicy.CONTINUE)
                public record Orders(@VaultSecret("secret/data/db#password") String password)
                        implements RequestHandler<String, String> {
                    public String handleRequest(String in, Context context) {
                        return password;
                    }
                }
                """);

        vault.setDown(false);
        assertThat(handler.handleRequest("in", null)).isEqualTo("n0tf0rl0gs1");
    }

    @Test
    void aRecordMayWriteItsConstructorOut() throws Exception {
        RequestHandler<String, String> handler = handler("shop.OrdersWithVault", """
                public record Orders(@VaultSecret("secret/data/db#password") String password,
                        @VaultSecret("secret/data/db#user") String user) implements RequestHandler<String, String> {
                    public Orders(String password, String user) {
                        this.password = password + "!";
                        this.user = user;
                    }

                    public String handleRequest(String in, Context context) {
                        return user + password;
                    }
                }
                """);

        assertThat(handler.handleRequest("in", null)).isEqualTo("app1n0tf0rl0gs1!");
    }

    @Test
    void whatAConstructorThrowsIsSeenAsItIs() {
        assertThatThrownBy(() -> handler("shop.OrdersWithVault", """
                        public class Orders implements RequestHandler<String, String> {
                            @VaultSecret("secret/data/db#password") String password;

                            Orders() throws IOException {
                                throw new IOException("of the user");
                            }

                            public String handleRequest(String in, Context context) {
                                return password;
                            }
                        }
                        """))
                .hasRootCauseInstanceOf(java.io.IOException.class)
                .hasRootCauseMessage("of the user");
    }

    @Test
    void methodsAreCalledByTheirNamesWithTheirSecrets() throws Exception {
        Object handler = wrapper(compile("""
                        class Orders {
                            @VaultSecret("secret/data/db#user") String user;

                            public String create(List<String> order, Context context,
                                    @VaultSecret("secret/data/db#password") String password) throws IOException {
                                if (order.isEmpty()) {
                                    throw new IOException("nothing ordered");
                                }
                                return order + user + password;
                            }

                            String list(@VaultSecret("secret/data/db#port") int port,
                                    @VaultSecret("secret/data/db#key") byte[] key, Context turn) {
                                return user + port + key.length;
                            }

                            public void ping() {}

                            public void copy(InputStream in, OutputStream out) throws IOException {
                                in.transferTo(out);
                            }

                            public void three(String one, String two, String three) {}

                            public static void notThis(String event) {}

                            private void norThis(String event) {}

                            @Override
                            public String toString() {
                                return "";
                            }
                        }
                        """), "shop.OrdersWithVault");

        assertThat(call(handler, "create", List.of("tea"), null)).isEqualTo("[tea]app1n0tf0rl0gs1");
        assertThatThrownBy(() -> call(handler, "create", List.of(), null)).hasRootCauseMessage("nothing ordered");
        assertThat(call(handler, "list", (Object) null)).isEqualTo("app154322");
        assertThat(handler.getClass().getDeclaredMethods())
                .extracting(Method::getName)
                .containsExactlyInAnyOrder("create", "list", "ping", "copy");
        Method create = handler.getClass().getMethod("create", List.class, Context.class);
        assertThat(create.getGenericParameterTypes()[0])
                .isInstanceOf(ParameterizedType.class)
                .hasToString("java.util.List<java.lang.String>");
        assertThat(create.getExceptionTypes()).containsExactly(java.io.IOException.class);
    }

    @Test
    void streamsAreLeftAlone() throws Exception {
        RequestStreamHandler handler = (RequestStreamHandler) wrapper(compile("""
                        public class Orders implements RequestStreamHandler {
                            @VaultSecret("secret/data/db#password") String password;

                            public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
                                out.write(password.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                                in.transferTo(out);
                            }
                        }
                        """), "shop.OrdersWithVault");
        List<OutputStream> seen = new java.util.ArrayList<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int from, int length) {
                seen.add(this);
                super.write(bytes, from, length);
            }
        };
        InputStream in = new ByteArrayInputStream(new byte[] {'!'});

        handler.handleRequest(in, out, null);

        assertThat(out.toString(java.nio.charset.StandardCharsets.UTF_8)).isEqualTo("n0tf0rl0gs1!");
        assertThat(seen).isNotEmpty();
    }

    @Test
    void lambdaSeesTheTypesOfEventAndAnswer() throws Exception {
        ClassLoader classes = compile("""
                abstract class Base<T, A> implements RequestHandler<Map<String, T>, A> {
                    @VaultSecret("secret/data/db#user") String user;
                }
                """, """
                public class Orders extends Base<List<Integer>, Orders.Answer> {
                    record Answer(String text) {}
                    @VaultSecret("secret/data/db#password") String password;

                    @Override
                    public Answer handleRequest(Map<String, List<Integer>> in, Context context) {
                        return new Answer(user + password);
                    }
                }
                """);
        Class<?> wrapper = classes.loadClass("shop.OrdersWithVault");

        assertThat(wrapper.getGenericInterfaces()[0])
                .hasToString(RequestHandler.class.getName()
                        + "<java.util.Map<java.lang.String, java.util.List<java.lang.Integer>>, shop.Orders$Answer>");
        @SuppressWarnings("unchecked")
        RequestHandler<Map<String, List<Integer>>, Object> handler =
                (RequestHandler<Map<String, List<Integer>>, Object>) wrapper(classes, "shop.OrdersWithVault");
        assertThat(handler.handleRequest(Map.of(), null)).hasToString("Answer[text=app1n0tf0rl0gs1]");
    }

    @Test
    void fieldsOfSuperclassesInOtherPackagesAreInjected() throws Exception {
        RequestHandler<String, String> handler = handler("shop.OrdersWithVault", """
                package base;

                import com.amazonaws.services.lambda.runtime.*;
                import io.github.vaultlambda.handler.*;

                public abstract class Base<T> implements RequestHandler<String, String> {
                    @VaultSecret("secret/data/db#user") String hidden;
                    @VaultSecret("secret/data/db#password") protected String password;

                    protected String both() { return hidden + password; }
                }
                """, """
                public abstract class Middle extends base.Base<Integer> {}
                """, """
                @VaultFunction
                public class Orders extends Middle {
                    public String handleRequest(String in, Context context) {
                        return both();
                    }
                }
                """);

        assertThat(handler.handleRequest("in", null)).isEqualTo("app1n0tf0rl0gs1");
    }

    @Test
    void nestedClassesWork() throws Exception {
        ClassLoader classes = compile("""
                public class Outer {
                    static class Inner implements RequestHandler<String, String> {
                        @VaultSecret("secret/data/db#user") String user;
                        @VaultSecret("secret/data/db#password") String password;

                        public String handleRequest(String in, Context context) {
                            return user + password;
                        }
                    }
                }
                """);

        @SuppressWarnings("unchecked")
        RequestHandler<String, String> handler =
                (RequestHandler<String, String>) wrapper(classes, "shop.Outer_InnerWithVault");
        assertThat(handler.handleRequest("in", null)).isEqualTo("app1n0tf0rl0gs1");
    }

    /** There, a class of the user has the same full name as one that the wrapper declares by the same simple one. */
    @ParameterizedTest
    @ValueSource(strings = {"Orders", "Recipe", "Turn"})
    void theUnnamedPackageWorks(String name) throws Exception {
        Compilation compilation = Compilation.of(folder, """
                import com.amazonaws.services.lambda.runtime.*;
                import io.github.vaultlambda.handler.*;
                public class Orders implements RequestHandler<String, String> {
                    @VaultSecret("secret/data/db#user") String user;

                    public String handleRequest(String in, Context context) {
                        return user;
                    }
                }
                """.replace("Orders", name));
        assertThat(compilation.complaints()).isEmpty();

        @SuppressWarnings("unchecked")
        RequestHandler<String, String> handler =
                (RequestHandler<String, String>) wrapper(compilation.load(), name + "WithVault");
        assertThat(handler.handleRequest("in", null)).isEqualTo("app1");
    }

    @Test
    void decoratorsAndBaseClassesFindWhatWasGenerated() throws Exception {
        ClassLoader classes = compile("""
                public class Plain implements RequestHandler<String, String> {
                    @VaultSecret("secret/data/db#password") String password;
                    @VaultSecret(value = "secret/data/db#none", required = false) String absent = "initial";

                    public String handleRequest(String in, Context context) {
                        return password + absent;
                    }
                }
                """, """
                public class Derived extends VaultRequestHandler<String, String> {
                    @VaultSecret("secret/data/db#password") String password = "initialized after the base class";
                    @VaultSecret(value = "secret/data/db#none", required = false) String absent = "initial";

                    public Derived(VaultSecrets vault) {
                        super(vault);
                    }

                    @Override
                    protected String handle(String in, Context context) {
                        return password + absent;
                    }
                }
                """);
        @SuppressWarnings("unchecked")
        RequestHandler<String, String> plain = (RequestHandler<String, String>)
                classes.loadClass("shop.Plain").getConstructor().newInstance();
        @SuppressWarnings("unchecked")
        RequestHandler<String, String> derived = (RequestHandler<String, String>) wrapper(classes, "shop.Derived");

        assertThat(VaultHandler.wrap(plain, secrets).handleRequest("in", null)).isEqualTo("n0tf0rl0gs1initial");
        assertThat(derived.handleRequest("in", null)).isEqualTo("n0tf0rl0gs1initial");
        assertThatThrownBy(() -> classes.loadClass("shop.DerivedWithVault")).isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void arraysMayBeWipedByEachInvocation() throws Exception {
        RequestHandler<String, String> handler = handler("shop.OrdersWithVault", """
                public class Orders implements RequestHandler<String, String> {
                    @VaultSecret("secret/data/db#password") char[] password;

                    public String handleRequest(String in, Context context) {
                        String seen = new String(password);
                        Arrays.fill(password, '0');
                        return seen;
                    }
                }
                """);

        assertThat(handler.handleRequest("in", null)).isEqualTo("n0tf0rl0gs1");
        assertThat(handler.handleRequest("in", null)).isEqualTo("n0tf0rl0gs1");
    }

    @Test
    void theSameSourceGivesTheSameCode(@TempDir Path other) {
        String[] sources = withHead("""
                public class Orders {
                    @VaultSecret("secret/data/db#user") String user;
                    public String b(@VaultSecret("secret/data/db#password") String x) { return x; }
                    public String a(String event) { return event; }
                }
                """);
        Map<String, String> first = Compilation.of(folder, sources).generated();

        assertThat(first).containsOnlyKeys("shop/OrdersWithVault.java", "shop/Orders_VaultInjection.java");
        assertThat(Compilation.of(other, sources).generated()).isEqualTo(first);
        assertThat(first.values())
                .allSatisfy(code -> assertThat(code)
                        .contains("@javax.annotation.processing.Generated(")
                        .doesNotContain("->", "::", "reflect"));
    }
}
