package io.github.vaultlambda.handler.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handlers in a module of the user's. */
class UserModuleTest {
    private static final String ORDERS = """
            package shop;

            import com.amazonaws.services.lambda.runtime.*;
            import io.github.vaultlambda.handler.VaultSecret;

            public class Orders implements RequestHandler<String, String> {
                @VaultSecret("secret/data/db#password") String password;

                public Orders() {}

                @Override
                public String handleRequest(String event, Context context) {
                    return password;
                }
            }
            """;

    @TempDir
    Path folder;

    private Compilation compile(String module) {
        return Compilation.of(
                folder,
                List.of(
                        "--module-path",
                        System.getProperty("java.class.path"),
                        "-Xlint:-requires-transitive-automatic"),
                module,
                ORDERS);
    }

    @Test
    void needsNothingButTheLibrary() {
        Compilation compilation =
                compile("module shop { requires transitive io.github.vaultlambda.handler; exports shop; }");

        assertThat(compilation.complaints()).isEmpty();
        assertThat(compilation.generated()).hasSize(2);
        assertThat(compilation.generated().values()).noneMatch(code -> code.contains("@javax.annotation.processing"));
    }

    @Test
    void saysWhoWroteItWhereTheModuleKnowsHow() {
        Compilation compilation =
                compile("module shop { requires io.github.vaultlambda.handler; requires static java.compiler; }");

        assertThat(compilation.complaints()).isEmpty();
        assertThat(compilation.generated().values()).allMatch(code -> code.contains("@javax.annotation.processing"));
    }
}
