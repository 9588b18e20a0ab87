package io.github.vaultlambda.handler.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the compiler says, and where. */
@SuppressWarnings("StringConcatToTextBlock") // some in one line, others as blocks
class FaultsTest {
    private static final String HEAD = "package shop; import com.amazonaws.services.lambda.runtime.*;"
            + " import io.github.vaultlambda.handler.*; import io.github.vaultlambda.secrets.*;"
            + " import io.github.vaultlambda.client.*; import java.io.*; import java.util.*; import java.util.function.*;\n";

    @TempDir
    Path folder;

    private Compilation compile(String... sources) {
        String[] all = new String[sources.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = sources[i].startsWith("package ") ? sources[i] : HEAD + sources[i];
        }
        return Compilation.of(folder, all);
    }

    /** A handler with these lines in it, of which the first is line 3. */
    private Compilation inHandler(String lines) {
        return compile("class Orders implements RequestHandler<String, String> {\n" + lines
                + "\n    public String handleRequest(String event, Context context) { return event; }\n}\n");
    }

    @Test
    void fieldsThatCannotBeAssigned() {
        Compilation compilation = inHandler("""
                    @VaultSecret("secret/data/db#a") private String hidden;
                    @VaultSecret("secret/data/db#a") static String shared;
                    @VaultSecret("secret/data/db#a") final String fixed = null;
                """);

        assertThat(compilation.complaints())
                .containsExactly(
                        "3: ERROR hidden is private, so the generated code cannot assign it: drop the private",
                        "4: ERROR shared is static: a secret belongs to a handler object, so drop the static",
                        "5: ERROR fixed is final, so it cannot follow its secret: drop the final, or make it a parameter of the"
                                + " constructor");
        assertThat(compilation.generated()).isEmpty();
    }

    @Test
    void referencesAndTimesAreReadAsAtRunTime() {
        Compilation compilation = inHandler("""
                    @VaultSecret("secret/data/db#") String noField;
                    @VaultSecret("../sys/raw") String outside;
                    @VaultSecret(value = "secret/data/db#a", ttl = "5 minutes") String soon;
                    @VaultSecret(value = "secret/data/db#a", ttl = "-5s") String before;
                """);

        assertThat(compilation.complaints())
                .satisfiesExactly(
                        one -> assertThat(one)
                                .isEqualTo(
                                        "3: ERROR noField: \"secret/data/db#\" is no reference to a secret: there is no field"
                                                + " after #; write one such as secret/data/orders/db#password"),
                        two -> assertThat(two)
                                .startsWith("4: ERROR outside: \"../sys/raw\" is no reference to a secret: "),
                        three -> assertThat(three)
                                .isEqualTo(
                                        "5: ERROR soon: ttl is \"5 minutes\", which is no duration: write a number with a"
                                                + " unit, such as 30s, 5m or 1h30m"),
                        four -> assertThat(four).startsWith("6: ERROR before: ttl is \"-5s\""));
        assertThat(compilation.places())
                .containsExactly("\"secret/data/db#\"", "\"../sys/raw\"", "\"5 minutes\"", "\"-5s\"");
    }

    @Test
    void typesThatNoSecretHas() {
        Compilation compilation = inHandler("""
                    class Inner {}
                    private record Hidden(String user) {}
                    @VaultSecret("secret/data/db") Runnable task;
                    @VaultSecret("secret/data/db") InputStream stream;
                    @VaultSecret("secret/data/db") Inner inner;
                    @VaultSecret("secret/data/db") Hidden login;
                    @VaultSecret("secret/data/db") Secret raw;
                    @VaultSecret("secret/data/db") Secret<?> wild;
                    @VaultSecret("secret/data/db") List<Hidden> logins;
                    @VaultSecret("secret/data/db") List<String>[] lists;
                    @VaultSecret("secret/data/db#x") VaultResponse response;
                    @VaultSecret("secret/data/db#x") Void nothing;
                """);

        String supported =
                "write a text, number, boolean, enum, byte[], char[], a record, List, Set, Map or Optional of such"
                        + " types, SecretValue, a class that Jackson can read, or Secret or Supplier of one of them";
        assertThat(compilation.complaints().stream()
                        .filter(one -> one.contains("ERROR"))
                        .toList())
                .containsExactly(
                        "5: ERROR task is of the interface Runnable, of which no value can be made: " + supported,
                        "6: ERROR stream is of the abstract class InputStream, of which no value can be made: "
                                + supported,
                        "7: ERROR inner is of the inner class Inner, which only its outer object can make: make the class static",
                        "8: ERROR login cannot have this type: Hidden is private, so the generated code cannot name it",
                        "9: ERROR raw must say what it is a Secret of, as in Secret<String>",
                        "10: ERROR wild must say what it is a Secret of, as in Secret<String>",
                        "11: ERROR logins cannot have this type: Hidden is private, so the generated code cannot name it",
                        "12: ERROR lists is an array of a type with arguments: write a List",
                        "13: ERROR response is Vault's whole answer, which has no field: leave #x out",
                        "14: ERROR nothing is of the class Void, which no secret is made into: " + supported);
    }

    @Test
    void classesThatNoSecretIsMadeInto() {
        Compilation compilation = inHandler("""
                    @VaultSecret("secret/data/db") VaultSecrets vault;
                    @VaultSecret("secret/data/db") Thread thread;
                    @VaultSecret("secret/data/db") Secret<Random> random;
                    @VaultSecret("secret/data/db") Map<String, Exception> failures;
                    @VaultSecret("secret/data/db") javax.crypto.spec.SecretKeySpec key;
                    @VaultSecret("secret/data/db#a") OptionalInt port;
                    @VaultSecret("secret/data/db#a") Secret<OptionalDouble> ratio;
                    @VaultSecret("secret/data/db#a") List<Secret<String>> all;
                    @VaultSecret("secret/data/db#a") SecretReference[] references;
                """);

        assertThat(compilation.complaints())
                .satisfiesExactly(
                        one -> assertThat(one)
                                .startsWith(
                                        "3: ERROR vault is of the class VaultSecrets, which no secret is made into: "),
                        one -> assertThat(one)
                                .startsWith("4: ERROR thread is of the class Thread, ")
                                .contains("made into: write a text, number, boolean"),
                        one -> assertThat(one).startsWith("5: ERROR random is of the class Random, "),
                        one -> assertThat(one).startsWith("6: ERROR failures is of the class Exception, "),
                        one -> assertThat(one).startsWith("7: ERROR key is of the class SecretKeySpec, "),
                        one -> assertThat(one).startsWith("8: ERROR port is ").endsWith("write Optional<Integer>"),
                        one -> assertThat(one).startsWith("9: ERROR ratio is ").endsWith("write Optional<Double>"),
                        one -> assertThat(one)
                                .startsWith("10: ERROR all is of the interface Secret, ")
                                .endsWith("a Secret stands outside, as in Secret<List<String>>"),
                        one -> assertThat(one).startsWith("11: ERROR references is of the class SecretReference, "));
        assertThat(compilation.generated()).isEmpty();
    }

    @Test
    void classesThatASecretIsMadeInto() {
        assertThat(inHandler("""
                            record Login(String user, Thread odd) {}
                            static class Bean { Bean(String text) {} }
                            @VaultSecret("secret/data/db") Login login;
                            @VaultSecret("secret/data/db") Bean bean;
                            @VaultSecret("secret/data/db") TreeMap<String, Object> tree;
                            @VaultSecret("secret/data/db") Properties properties;
                            @VaultSecret("secret/data/db#a") Queue<java.net.InetAddress> hosts;
                            @VaultSecret("secret/data/db#a") java.util.concurrent.CopyOnWriteArrayList<java.util.regex.Pattern> texts;
                            @VaultSecret("secret/data/db#a") java.time.LocalDate date;
                            @VaultSecret("secret/data/db#a") Optional<java.time.ZonedDateTime> moment;
                            @VaultSecret("secret/data/db#a") java.util.concurrent.TimeUnit unit;
                            @VaultSecret("secret/data/db#a") java.nio.file.Path path;
                        """).complaints()).isEmpty();
    }

    @Test
    void typeVariables() {
        assertThat(compile("abstract class Base<T> {\n    @VaultSecret(\"secret/data/db\") T any;\n"
                                + "    @VaultSecret(\"secret/data/db\") Secret<List<T>> all;\n}\n")
                        .complaints())
                .allSatisfy(one -> assertThat(one).contains("has a type that is not known when it is compiled"))
                .hasSize(2);
        assertThat(compile("class Orders<T> implements RequestHandler<T, String> {\n"
                                + "    @VaultSecret(\"secret/data/db#a\") String a;\n"
                                + "    public String handleRequest(T event, Context context) { return a; }\n}\n")
                        .complaints())
                .containsExactly(
                        "2: ERROR Orders has type parameters, so Lambda cannot know the event's type: annotate a subclass"
                                + " that says them with @VaultFunction, and make this class abstract");
    }

    @Test
    void whatNeedNotBeThere() {
        Compilation compilation = inHandler("""
                    @VaultSecret(value = "secret/data/db#a", required = false) int number;
                    @VaultSecret(value = "secret/data/db#a", required = false) Secret<String> handle;
                    @VaultSecret(value = "secret/data/db#a", required = false) Supplier<Optional<String>> supplier;
                """);

        assertThat(compilation.complaints())
                .containsExactly(
                        "3: ERROR number is a primitive int, which is never absent: write its class or an Optional, or leave"
                                + " required = false out",
                        "4: ERROR handle is a handle, whose secret need not be there when it is a Secret<Optional<...>>: write"
                                + " that, and leave required = false out",
                        "5: WARNING supplier is an Optional, which need not be there anyway: required = false says nothing"
                                + " (@SuppressWarnings(\"vault\") silences this)");
        assertThat(compilation.places().subList(0, 2)).containsExactly("false", "false");
    }

    @Test
    void constructors() {
        assertThat(inHandler("    @VaultSecret(\"secret/data/db#a\") String a;\n    Orders(String other) {}")
                        .complaints())
                .containsExactly(
                        "2: ERROR Orders has no constructor that OrdersWithVault can call: have one without parameters, or"
                                + " one whose parameters are all @VaultSecret");
        assertThat(inHandler("    Orders(@VaultSecret(\"secret/data/db#a\") String a, int other) {}")
                        .complaints())
                .containsExactly(
                        "3: ERROR other has no @VaultSecret, so OrdersWithVault does not know what to give to the constructor");
        assertThat(inHandler("    private Orders(@VaultSecret(\"secret/data/db#a\") String a) {}")
                        .complaints())
                .containsExactly("3: ERROR the constructor of Orders is private, so OrdersWithVault cannot call it");
        assertThat(inHandler("    Orders(@VaultSecret(\"secret/data/db#a\") String a) {}\n"
                                + "    Orders(@VaultSecret(\"secret/data/db#a\") int a) {}")
                        .complaints())
                .containsExactly(
                        "3: ERROR several constructors of Orders have @VaultSecret parameters: leave one",
                        "4: ERROR several constructors of Orders have @VaultSecret parameters: leave one");
    }

    @Test
    void whatLambdaCannotCall() {
        assertThat(compile(
                                "class Orders {\n    @VaultSecret(\"secret/data/db#a\") String a;\n    void hidden() {}\n}\n")
                        .complaints())
                .containsExactly("2: ERROR Orders is nothing that Lambda can call: implement RequestHandler or"
                        + " RequestStreamHandler, or have a public method with an event and perhaps a Context; a class that is"
                        + " only a superclass of handlers is abstract");
        assertThat(compile("""
                                class Orders {
                                    public void a(String one, String two, @VaultSecret("secret/data/db#a") String x) {}
                                    private void b(@VaultSecret("secret/data/db#a") String x) {}
                                    public static void c(@VaultSecret("secret/data/db#a") String x) {}
                                    public <T> void d(T event, @VaultSecret("secret/data/db#a") String x) {}
                                    public void e(String event, @VaultSecret("secret/data/db#a") String x) {}
                                    public void e(@VaultSecret("secret/data/db#a") int x, String event) {}
                                }
                                """).complaints())
                .containsExactly(
                        "3: ERROR a cannot be called by Lambda with the parameters that are no secrets: Lambda calls methods with"
                                + " an event, an event and a Context, a Context, nothing, or an InputStream, an OutputStream and"
                                + " perhaps a Context",
                        "4: ERROR b is private, so the generated code cannot call it",
                        "5: ERROR c is static: a method with secrets belongs to a handler object",
                        "6: ERROR d has type parameters, so Lambda cannot know the event's type",
                        "8: ERROR e and another method are the same without their secrets: give this one another name");
    }

    @Test
    void theMethodOfAnInterfaceHasNoSecrets() {
        assertThat(compile("""
                                class Orders implements RequestHandler<String, String> {
                                    public String handleRequest(@VaultSecret("secret/data/db#a") String in, Context c) { return in; }
                                }
                                """).complaints())
                .containsExactly(
                        "3: ERROR handleRequest is called with what its interface says, so none of its parameters is a"
                                + " secret: make it a field or a parameter of the constructor");
    }

    @Test
    void classesThatNobodyCanMake() {
        assertThat(compile("@VaultFunction\ninterface Orders {}\n").complaints())
                .containsExactly("3: ERROR @VaultFunction belongs to a class or a record, and Orders is none");
        assertThat(compile("interface Orders {\n    void a(@VaultSecret(\"secret/data/db#a\") String a);\n}\n")
                        .complaints())
                .containsExactly("2: ERROR @VaultSecret belongs into a class or a record, and Orders is none");
        assertThat(compile(
                                "class Outer {\n    class Inner { @VaultSecret(\"secret/data/db#a\") String a; }\n"
                                        + "    private static class Hidden { @VaultSecret(\"secret/data/db#a\") String a; }\n}\n")
                        .complaints())
                .containsExactly(
                        "3: ERROR Inner is an inner class, which only its outer object can make: make it static",
                        "4: ERROR the generated code cannot reach Hidden, because Hidden is private");
        assertThat(compile("class Orders {\n    private record Hidden() {}\n"
                                + "    public Hidden a(Hidden event, @VaultSecret(\"secret/data/db#a\") String a) { return event; }\n"
                                + "}\n")
                        .complaints())
                .containsExactly(
                        "4: ERROR event has a type that the generated code cannot name: Hidden is private",
                        "4: ERROR what it returns has a type that the generated code cannot name: Hidden is private");
    }

    @Test
    void aTypeThatIsNotThereIsTheCompilersToSay() {
        Compilation compilation = inHandler("    @VaultSecret(\"secret/data/db#a\") Missing a;\n"
                + "    @VaultSecret(\"secret/data/db#a\") private String b;");

        assertThat(compilation.complaints()).singleElement().asString().startsWith("3: ERROR cannot find symbol");
        assertThat(compilation.generated()).isEmpty();
    }

    @Test
    void baseClassesAreMadeByLambda() {
        assertThat(compile("""
                                @VaultFunction(prefetch = false)
                                public class Orders extends VaultRequestHandler<String, String> {
                                    Orders(@VaultSecret("secret/data/db#a") String a) {}
                                    public Orders() {}
                                    public void other(@VaultSecret("secret/data/db#a") String a) {}
                                    @Override protected String handle(String event, Context context) { return event; }
                                }
                                """).complaints())
                .containsExactly(
                        "4: ERROR a cannot be a parameter of the constructor here, because Lambda makes this class itself: make"
                                + " it a field",
                        "6: ERROR a cannot be a parameter here, because Lambda calls this class itself: make it a field",
                        "2: ERROR @VaultFunction says nothing here: give HandlerOptions to the constructor of the superclass");
    }

    @Test
    void optionsOfAFunction() {
        Compilation compilation = compile("""
                @VaultFunction(reserve = "soon")
                class Orders implements RequestHandler<String, String> {
                    @VaultSecret("secret/data/db#a") String a;
                    public String handleRequest(String event, Context context) { return a; }
                }
                """);

        assertThat(compilation.complaints())
                .containsExactly(
                        "2: ERROR reserve is \"soon\", which is no duration: write a number with a unit, such as 100ms or"
                                + " 2s");
        assertThat(compilation.places()).containsExactly("\"soon\"");
    }

    @Test
    void whatIsSuspicious() {
        Compilation compilation = compile("""
                class Orders {
                    @VaultSecret("secret/data/db") String json;
                    @VaultSecret("secret/data/db") @SuppressWarnings("vault") String meant;
                    public void take(String event) {}
                    public void take(String event, Context context) {}
                }
                """);

        assertThat(compilation.complaints())
                .containsExactly(
                        "3: WARNING json gets the whole secret as JSON, because secret/data/db names no field: write"
                                + " secret/data/db#field if one is meant (@SuppressWarnings(\"vault\") silences this)",
                        "6: WARNING There are several methods take, among which Lambda takes the one with the most parameters"
                                + " (@SuppressWarnings(\"vault\") silences this)");
        assertThat(compilation.generated()).hasSize(2);
    }

    @Test
    void allIsSaidAtOnceAndNoClassHidesAnother() {
        assertThat(compile(
                                "class One {\n    @VaultSecret(\"\") private static Runnable a;\n}\n",
                                "class Two {\n    @VaultSecret(\"#\") String a;\n}\n")
                        .complaints())
                .hasSize(5);
    }

    @Test
    void aNameThatIsTaken() {
        assertThat(compile(
                                "public class OrdersWithVault {}\n",
                                "public class Orders implements RequestHandler<String, String> {\n"
                                        + "    @VaultSecret(\"secret/data/db#a\") String a;\n"
                                        + "    public String handleRequest(String event, Context context) { return a; }\n}\n")
                        .complaints())
                .anySatisfy(one -> assertThat(one)
                        .isEqualTo(
                                "2: ERROR there is a class shop.OrdersWithVault already, which is the name of what is generated"
                                        + " for Orders: rename it"));
    }

    @Test
    void aSuperclassThatWasCompiledWithout() {
        String base = "package base; import io.github.vaultlambda.handler.*;\npublic abstract class Base {\n"
                + "    @VaultSecret(\"secret/data/db#a\") protected String a;\n}\n";
        assertThat(Compilation.of(folder, List.of("-proc:none"), base).complaints())
                .isEmpty();

        assertThat(compile(
                                "@VaultFunction\nclass Orders extends base.Base implements RequestHandler<String, String> {\n"
                                        + "    public String handleRequest(String event, Context context) { return a; }\n}\n")
                        .complaints())
                .containsExactly(
                        "3: ERROR the superclass Base has @VaultSecret fields, but was compiled without the annotation"
                                + " processor: compile it with vault-handler-processor");

        assertThat(Compilation.of(folder, base).complaints()).isEmpty();
        assertThat(compile(
                                "@VaultFunction\nclass Orders extends base.Base implements RequestHandler<String, String> {\n"
                                        + "    public String handleRequest(String event, Context context) { return a; }\n}\n")
                        .complaints())
                .isEmpty();
    }
}
