package io.github.vaultlambda.handler.entry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.github.vaultlambda.handler.FakeContext;
import io.github.vaultlambda.handler.HandlerSetupException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The handlers that Lambda's runtime takes are taken, and give the same answers. */
class HandlerLoaderTest {
    private static String call(String handler, String event) throws IOException {
        RequestStreamHandler loaded = HandlerLoader.load(handler, HandlerLoaderTest.class.getClassLoader());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        loaded.handleRequest(new ByteArrayInputStream(event.getBytes(UTF_8)), out, new FakeContext("id-1", 1_000));
        return out.toString(UTF_8);
    }

    private static String name(Class<?> type) {
        return type.getName();
    }

    public static final class Order {
        private String article = "";
        private int count;

        public String getArticle() {
            return article;
        }

        public void setArticle(String value) {
            article = value;
        }

        public int getCount() {
            return count;
        }

        public void setCount(int value) {
            count = value;
        }
    }

    public static final class Pojo implements RequestHandler<Order, Map<String, Object>> {
        @Override
        public Map<String, Object> handleRequest(Order order, Context context) {
            return Map.of(order.getArticle(), order.getCount());
        }
    }

    public abstract static class Above<A, B> implements RequestHandler<B, A> {}

    public abstract static class Between<X> extends Above<String, X> {}

    public static final class Below extends Between<List<Order>> {
        @Override
        public String handleRequest(List<Order> orders, Context context) {
            return orders.get(0).getArticle() + orders.size();
        }
    }

    public static final class Streams implements RequestStreamHandler {
        @Override
        public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
            output.write('<');
            input.transferTo(output);
            output.write(context.getAwsRequestId().getBytes(UTF_8));
        }
    }

    @SuppressWarnings("rawtypes")
    public static final class Raw implements RequestHandler {
        @Override
        public Object handleRequest(Object input, Context context) {
            return input;
        }
    }

    public static class Unbound<T> implements RequestHandler<T, String> {
        @Override
        public String handleRequest(T input, Context context) {
            return "";
        }
    }

    public static final class Methods {
        public String nothing() {
            return "nothing";
        }

        public String event(Order order) {
            return order.getArticle();
        }

        public String eventAndContext(Order order, Context context) {
            return order.getArticle() + context.getAwsRequestId();
        }

        public String context(Context context) {
            return context.getAwsRequestId();
        }

        public static int isStatic(List<Integer> numbers) {
            return numbers.size();
        }

        public void noAnswer(Order order) {
            assertThat(order.getCount()).isEqualTo(2);
        }

        public @Nullable Void noAnswerEither(Order order) {
            return null;
        }

        public void streams(InputStream input, OutputStream output) throws IOException {
            input.transferTo(output);
        }

        public void streamsAndContext(InputStream input, OutputStream output, Context context) throws IOException {
            output.write(context.getAwsRequestId().getBytes(UTF_8));
        }

        public void in(InputStream input) throws IOException {
            assertThat(input.read()).isEqualTo('"');
        }

        public void inAndContext(InputStream input, Context context) throws IOException {
            assertThat(input.read()).isEqualTo('"');
        }

        public void out(OutputStream output) throws IOException {
            output.write('1');
        }

        public void outAndContext(OutputStream output, Context context) throws IOException {
            output.write('2');
        }

        public String overloaded(Order order) {
            return "event";
        }

        public String overloaded(Order order, Context context) {
            return "event and context";
        }

        public String overloaded(Order order, String other, Context context) {
            return "not for Lambda";
        }

        public int sqs(SQSEvent event) {
            return event.getRecords().get(0).getBody().length();
        }

        public String failing(Order order) throws IOException {
            throw new FileNotFoundException(order.getArticle());
        }

        public String wrong(Context one, Context other) {
            return "";
        }

        String hidden(Order order) {
            return "";
        }
    }

    @Test
    void handlersOfObjects() throws IOException {
        assertThat(call(name(Pojo.class), "{\"article\":\"pen\",\"count\":2,\"more\":true}"))
                .isEqualTo("{\"pen\":2}");
        assertThat(call(name(Below.class), "[{\"article\":\"pen\"}]")).isEqualTo("\"pen1\"");
    }

    @Test
    void handlersOfStreams() throws IOException {
        assertThat(call(name(Streams.class), "{}")).isEqualTo("<{}id-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "nothing           | {}                            | \"nothing\"",
                "event             | {\"article\":\"pen\"}         | \"pen\"",
                "eventAndContext   | {\"article\":\"pen\"}         | \"penid-1\"",
                "context           | {}                            | \"id-1\"",
                "isStatic          | [1,2,3]                       | 3",
                "noAnswer          | {\"count\":2}                 | null",
                "noAnswerEither    | {\"count\":2}                 | null",
                "streams           | [true]                        | [true]",
                "streamsAndContext | {}                            | id-1",
                "in                | \"a\"                         | null",
                "inAndContext      | \"a\"                         | null",
                "out               | {}                            | 1",
                "outAndContext     | {}                            | 2",
                "overloaded        | {}                            | \"event and context\"",
                "sqs               | {\"Records\":[{\"body\":\"four\"}]} | 4",
            })
    void methodsOfEveryForm(String method, String event, String answer) throws IOException {
        assertThat(call(name(Methods.class) + "::" + method, event)).isEqualTo(answer);
    }

    @Test
    void whatAMethodThrowsIsThrownAsItIs() {
        assertThatThrownBy(() -> call(name(Methods.class) + "::failing", "{\"article\":\"pen\"}"))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessage("pen");
    }

    @Test
    void anEventThatIsNoneIsTold() {
        assertThatThrownBy(() -> call(name(Methods.class) + "::event", "{"))
                .isExactlyInstanceOf(RuntimeException.class)
                .hasMessage("An error occurred during JSON parsing");
    }

    /** What a function brings in META-INF/services. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // as Lambda's interface declares it
    public static class Own implements CustomPojoSerializer {
        @Override
        @SuppressWarnings("unchecked")
        public <T> T fromJson(InputStream input, Type type) {
            Order order = new Order();
            order.setArticle("own " + type.getTypeName().contains("Order"));
            return (T) order;
        }

        @Override
        public <T> T fromJson(String input, Type type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> void toJson(T value, OutputStream output, Type type) {
            try {
                output.write(("<" + value + ">").getBytes(UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public static final class Other extends Own {}

    private static String callWith(Path folder, String providers) throws IOException {
        Path file = folder.resolve("META-INF/services/" + CustomPojoSerializer.class.getName());
        Files.createDirectories(file.getParent());
        Files.writeString(file, providers);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, HandlerLoaderTest.class.getClassLoader())) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            HandlerLoader.load(name(Methods.class) + "::event", loader)
                    .handleRequest(InputStream.nullInputStream(), out, new FakeContext("id-1", 1_000));
            return out.toString(UTF_8);
        }
    }

    @Test
    void aSerializerOfTheFunctionsOwnIsUsed(@TempDir Path folder) throws IOException {
        assertThat(callWith(folder, name(Own.class))).isEqualTo("<own true>");
    }

    @Test
    void thereMayBeOneSerializer(@TempDir Path folder) {
        assertThatThrownBy(() -> callWith(folder, name(Own.class) + "\n" + name(Other.class)))
                .isInstanceOf(HandlerSetupException.class)
                .hasMessageContaining("more than one CustomPojoSerializer");
    }

    @SuppressWarnings("ClassCanBeStatic") // which is what is told
    public final class Inner {
        public String handle() {
            return "";
        }
    }

    public static final class Private {
        private Private() {}

        public String handle() {
            return "";
        }
    }

    public static final class Failing {
        public Failing() {
            throw new IllegalStateException("its own fault");
        }

        public String handle() {
            return "";
        }
    }

    @Test
    void whatLambdaCouldNotCallIsToldInOneLine() {
        String base = name(HandlerLoaderTest.class);
        assertFault("com.example.Missing::handle", "there is no class com.example.Missing on the class path");
        assertFault("::handle", "write the name of a class, or class::method");
        assertFault(base + "$Pojo::", "write the name of a class, or class::method");
        assertFault(
                base + "$Methods",
                "is neither a RequestHandler nor a RequestStreamHandler; to call a method of it, write");
        assertFault(base + "$Methods::missing", "has no public method missing with parameters that Lambda can fill");
        assertFault(base + "$Methods::hidden", "has no public method hidden");
        assertFault(base + "$Methods::wrong", "has no public method wrong");
        assertFault(base + "$Raw", "does not say which types its RequestHandler has");
        assertFault(base + "$Unbound", "does not say which types its RequestHandler has");
        assertFault(base + "$Inner::handle", "is an inner class: make it static");
        assertFault(base + "$Private::handle", "has no public constructor without parameters");
        assertFault(name(VaultEntryHandler.class), "write the handler that is to be called");
        assertThatThrownBy(() -> call(base + "$Failing::handle", "{}"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("its own fault");
    }

    private static void assertFault(String handler, String fault) {
        assertThatThrownBy(() -> call(handler, "{}"))
                .isInstanceOf(HandlerSetupException.class)
                .hasMessageStartingWith("VAULT_LAMBDA_HANDLER is \"" + handler + "\": ")
                .hasMessageContaining(fault)
                .hasNoCause()
                .satisfies(failure -> assertThat(failure.getStackTrace()).isEmpty());
    }
}
