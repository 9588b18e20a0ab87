package io.github.vaultlambda.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.SecretFormatException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings({"unused", "UnusedVariable", "rawtypes"}) // the fields are what is tested
class SecretFieldsTest {
    private static final Duration TTL = Duration.ofMinutes(1);

    private final ScriptedVault vault = new ScriptedVault();

    @BeforeEach
    void fill() {
        vault.kv2(
                "secret/data/db",
                "{\"password\":\"n0tf0rl0gs\",\"port\":5432,\"big\":12345678901,\"ratio\":0.5,\"on\":true,"
                        + "\"tls\":{\"mode\":\"require\"},\"hosts\":[\"a\",\"b\"],\"user\":\"app\"}");
    }

    record Login(String user, String password) {}

    static class Base {
        @VaultSecret("secret/data/db#password")
        private @Nullable String inherited;

        @VaultSecret("secret/data/db#user")
        private @Nullable String sameName;
    }

    static class EveryType extends Base {
        @VaultSecret("secret/data/db#password")
        private @Nullable String text;

        @VaultSecret("secret/data/db")
        protected @Nullable String whole;

        @VaultSecret("secret/data/db#password")
        public @Nullable SecretValue hidden;

        @VaultSecret("secret/data/db#port")
        int primitiveInt;

        @VaultSecret("secret/data/db#big")
        long primitiveLong;

        @VaultSecret("secret/data/db#ratio")
        double primitiveDouble;

        @VaultSecret("secret/data/db#on")
        boolean primitiveBoolean;

        @VaultSecret("secret/data/db#port")
        short primitiveShort;

        @VaultSecret("secret/data/db#ratio")
        float primitiveFloat;

        @VaultSecret("secret/data/db#port")
        @Nullable
        Integer boxed;

        @VaultSecret("secret/data/db")
        @Nullable
        Login login;

        @VaultSecret("secret/data/db#tls")
        @Nullable
        Map<String, String> map;

        @VaultSecret("secret/data/db#hosts")
        @Nullable
        List<String> list;

        @VaultSecret("secret/data/db#password")
        @Nullable
        Secret<String> handle;

        @VaultSecret("secret/data/db")
        @Nullable
        Secret<Login> loginHandle;

        @VaultSecret("secret/data/db#tls.mode")
        @Nullable
        String sameName;

        String untouched = "untouched";
    }

    private static final class Initialized {
        @VaultSecret("secret/data/db#password")
        private String password = "from the initializer";

        @VaultSecret("secret/data/db#port")
        private int port = 1;
    }

    private static final class TwoPaths {
        @VaultSecret("secret/data/db#user")
        private String user = "before";

        @VaultSecret("secret/data/absent#x")
        private String absent = "before";
    }

    static class Faulty {
        @VaultSecret("secret/data/db#a")
        static @Nullable String isStatic;

        @VaultSecret("secret/data/db#b")
        final String isFinal = "x";

        @VaultSecret("secret/data/db#c")
        @Nullable
        Secret raw;

        @VaultSecret("secret/data/db#d")
        @Nullable
        Secret<?> wildcard;

        @VaultSecret("secret/data/db#e")
        @Nullable
        Secret<List<String>> nested;

        @VaultSecret("secret/data/db#")
        @Nullable
        String noField;

        @VaultSecret("secret/data/db#fine")
        @Nullable
        String fine;
    }

    static class FaultyChild extends Faulty {
        @VaultSecret("../sys/raw")
        @Nullable
        String child;
    }

    @Test
    void fillsFieldsOfEveryType() {
        EveryType handler = new EveryType();

        new SecretFields(handler, vault.secrets(TTL)).fill();

        assertThat(handler.text).isEqualTo("n0tf0rl0gs");
        assertThat(handler.whole).startsWith("{\"password\":\"n0tf0rl0gs\"");
        assertThat(handler.hidden).isEqualTo(SecretValue.of("n0tf0rl0gs"));
        assertThat(handler.primitiveInt).isEqualTo(5432);
        assertThat(handler.primitiveLong).isEqualTo(12345678901L);
        assertThat(handler.primitiveDouble).isEqualTo(0.5);
        assertThat(handler.primitiveBoolean).isTrue();
        assertThat(handler.primitiveShort).isEqualTo((short) 5432);
        assertThat(handler.primitiveFloat).isEqualTo(0.5f);
        assertThat(handler.boxed).isEqualTo(5432);
        assertThat(handler.login).isEqualTo(new Login("app", "n0tf0rl0gs"));
        assertThat(handler.map).isEqualTo(Map.of("mode", "require"));
        assertThat(handler.list).isEqualTo(List.of("a", "b"));
        assertThat(handler.handle).isNotNull().extracting(Secret::get).isEqualTo("n0tf0rl0gs");
        assertThat(handler.loginHandle).isNotNull().extracting(Secret::get).isEqualTo(new Login("app", "n0tf0rl0gs"));
        assertThat(handler.sameName).isEqualTo("require");
        assertThat(((Base) handler).sameName).isEqualTo("app");
        assertThat(((Base) handler).inherited).isEqualTo("n0tf0rl0gs");
        assertThat(handler.untouched).isEqualTo("untouched");
        assertThat(vault.calls()).hasSize(1);
    }

    @Test
    void aHandleIsSetOnceAndStaysFresh() {
        EveryType handler = new EveryType();
        SecretFields fields = new SecretFields(handler, vault.secrets(TTL));
        fields.fill();
        Secret<String> handle = handler.handle;

        fields.fill();

        assertThat(handler.handle).isSameAs(handle);
    }

    @Test
    void initializersDoNotWin() {
        Initialized handler = new Initialized();
        SecretFields fields = new SecretFields(handler, vault.secrets(TTL));
        assertThat(handler.password).isEqualTo("from the initializer");

        fields.fill();
        assertThat(handler.password).isEqualTo("n0tf0rl0gs");
        assertThat(handler.port).isEqualTo(5432);

        handler.password = "overwritten";
        fields.fill();
        assertThat(handler.password).isEqualTo("n0tf0rl0gs");
    }

    @Test
    void namesEveryFieldThatCannotBeUsed() {
        String faulty = Faulty.class.getName();
        assertThatThrownBy(() -> new SecretFields(new FaultyChild(), vault.secrets(TTL)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("@VaultSecret cannot be used as it is: ")
                .hasMessageContainingAll(
                        faulty + ".isStatic must be neither static nor final",
                        faulty + ".isFinal must be neither static nor final",
                        faulty + ".raw must say what it is a Secret of, as in Secret<String>",
                        faulty + ".wildcard must say what it is a Secret of, as in Secret<String>",
                        faulty + ".nested must say what it is a Secret of, as in Secret<String>",
                        faulty + ".noField: \"secret/data/db#\" is no reference to a secret: there is no field after #;"
                                + " write one such as secret/data/orders/db#password",
                        FaultyChild.class.getName() + ".child: \"../sys/raw\" is no reference to a secret")
                .message()
                .doesNotContain("fine");
        assertThat(vault.calls()).isEmpty();
    }

    @Test
    void setsAllPlainFieldsOrNone() {
        TwoPaths handler = new TwoPaths();
        SecretFields fields = new SecretFields(handler, vault.secrets(TTL));

        assertThatThrownBy(() -> fields.fill()).isInstanceOf(VaultNotFoundException.class);

        assertThat(handler.user).isEqualTo("before");
        assertThat(handler.absent).isEqualTo("before");
    }

    @Test
    void aValueThatDoesNotFitIsNotQuoted() {
        vault.kv2("secret/data/db", "{\"password\":\"x\",\"port\":\"n0tf0rl0gs\"}");
        SecretFields fields = new SecretFields(new Initialized(), vault.secrets(TTL));

        assertThatThrownBy(() -> fields.fill())
                .isInstanceOf(SecretFormatException.class)
                .hasNoCause()
                .hasMessage("secret/data/db#port is no Integer");
    }

    @Test
    void aHandlerWithoutAnnotationsNeedsNoVault() {
        SecretFields fields = new SecretFields("no annotations", vault.secrets(TTL));

        fields.fill();

        assertThat(vault.calls()).isEmpty();
    }

    @Test
    void namesTheSecretsOfAllFields() {
        SecretFields fields = new SecretFields(new TwoPaths(), vault.secrets(TTL));

        assertThat(fields.secrets()).hasSize(2);
    }
}
