package io.github.vaultlambda.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.examples.Fingerprint;
import io.github.vaultlambda.testkit.InvocationResult;
import io.github.vaultlambda.testkit.LambdaEmulator;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Handlers in Kotlin: compiled by its compiler, run under AWS's own runtime client. */
final class KotlinHandlerTest {
    private static final Stage STAGE = new Stage();

    @TempDir
    static Path classes;

    @BeforeAll
    static void compile() throws URISyntaxException {
        Path source = Path.of(Objects.requireNonNull(KotlinHandlerTest.class.getResource("/kotlin/Handlers.kt"))
                .toURI());
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        ExitCode code = new K2JVMCompiler()
                .exec(
                        new PrintStream(messages, true, StandardCharsets.UTF_8),
                        "-no-stdlib",
                        "-no-reflect",
                        "-jvm-target",
                        "17",
                        "-classpath",
                        Stage.classPath(),
                        "-d",
                        classes.toString(),
                        source.toString());
        assertThat(code).as(messages.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.OK);
    }

    @AfterAll
    static void close() {
        STAGE.close();
    }

    @Test
    void theCompilerMadeClasses() {
        assertThat(classes.resolve("io/github/vaultlambda/kotlin/KotlinBase.class"))
                .exists();
    }

    @ParameterizedTest
    @CsvSource({"KotlinBase, base", "KotlinMethod::handle, method", "KotlinLambda, lambda"})
    void handlersHaveTheirSecrets(String handler, String word) {
        String password = STAGE.rotate();
        try (LambdaEmulator lambda = Stage.lambda(STAGE.variables())
                .javaFunction(
                        Stage.classPath() + File.pathSeparator + classes, "io.github.vaultlambda.kotlin." + handler)
                .build()) {
            lambda.init();
            InvocationResult result = lambda.invoke("{\"order\":\"4711\"}");
            assertThat(result.payloadText()).isEqualTo("\"" + word + " 4711 " + Fingerprint.of(password) + "\"");
        }
    }
}
