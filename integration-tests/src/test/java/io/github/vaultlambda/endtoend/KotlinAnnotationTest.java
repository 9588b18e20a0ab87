package io.github.vaultlambda.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.examples.Fingerprint;
import io.github.vaultlambda.handler.processor.VaultSecretProcessor;
import io.github.vaultlambda.secrets.VaultSecrets;
import io.github.vaultlambda.testkit.InvocationResult;
import io.github.vaultlambda.testkit.LambdaEmulator;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;
import org.jetbrains.kotlin.kapt.KaptCommandLineProcessor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Annotated handlers in Kotlin: wrapper classes written by way of kapt, run under AWS's own runtime client. */
final class KotlinAnnotationTest {
    private static final Stage STAGE = new Stage();
    private static final String[] INTERNALS = {
        "api", "code", "comp", "file", "jvm", "main", "parser", "processing", "tree", "util"
    };

    @TempDir
    static Path folder;

    @BeforeAll
    static void compile() throws IOException, InterruptedException, URISyntaxException {
        Path source = Path.of(Objects.requireNonNull(KotlinAnnotationTest.class.getResource("/kotlin/Annotated.kt"))
                .toURI());
        List<String> kapt = new ArrayList<>(List.of(
                "-Xplugin=" + home(KaptCommandLineProcessor.class),
                "-P",
                option("aptMode", "stubsAndApt"),
                "-P",
                option("sources", path("java")),
                "-P",
                option("classes", path("kapt-classes")),
                "-P",
                option("stubs", path("stubs"))));
        for (Class<?> of : new Class<?>[] {VaultSecretProcessor.class, VaultSecrets.class, VaultConfig.class}) {
            kapt.add("-P");
            kapt.add(option("apclasspath", home(of)));
        }
        kotlin(kapt, source, path("kapt-out"));
        kotlin(List.of(), source, path("classes"));
        java();
    }

    private static String option(String name, String value) {
        return "plugin:org.jetbrains.kotlin.kapt3:" + name + "=" + value;
    }

    private static String path(String name) {
        return folder.resolve(name).toString();
    }

    private static String home(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    /** In a process of its own, because kapt wants the insides of the Java compiler. */
    private static void kotlin(List<String> options, Path source, String target)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String internal : INTERNALS) {
            command.add("--add-opens=jdk.compiler/com.sun.tools.javac." + internal + "=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", Stage.classPath(), K2JVMCompiler.class.getName(), "-no-stdlib", "-no-reflect"));
        command.addAll(List.of("-jvm-target", "17", "-classpath", Stage.classPath(), "-d", target));
        command.addAll(options);
        command.add(source.toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    /** What kapt wrote. */
    private static void java() throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none",
                "-Xlint:all,-path,-options,-classfile",
                "-Werror",
                "--release",
                "17",
                "-classpath",
                Stage.classPath() + File.pathSeparator + path("classes"),
                "-d",
                path("classes")));
        try (Stream<Path> files = Files.walk(folder.resolve("java"))) {
            files.filter(Files::isRegularFile).forEach(file -> arguments.add(file.toString()));
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0])))
                .isZero();
    }

    @AfterAll
    static void close() {
        STAGE.close();
    }

    @ParameterizedTest
    @CsvSource({
        "KotlinFieldsWithVault, fields 4711 ordersnull",
        "KotlinConstructorWithVault, constructor 4711",
        "KotlinParametersWithVault::handle, parameters 4711"
    })
    void annotatedMembersHaveTheirSecrets(String handler, String answer) {
        String password = STAGE.rotate();
        try (LambdaEmulator lambda = Stage.lambda(STAGE.variables())
                .javaFunction(
                        Stage.classPath() + File.pathSeparator + path("classes"),
                        "io.github.vaultlambda.kotlin." + handler)
                .build()) {
            lambda.init();
            InvocationResult result = lambda.invoke("{\"order\":\"4711\"}");
            assertThat(result.payloadText()).isEqualTo("\"" + answer + " " + Fingerprint.of(password) + "\"");
        }
    }
}
