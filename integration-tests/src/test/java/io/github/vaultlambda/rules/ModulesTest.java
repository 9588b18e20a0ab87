package io.github.vaultlambda.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What each module needs and shows, as it was built. A change here is a change of the public face: make it on purpose. */
class ModulesTest {
    private record Room(String folder, String module, Set<String> requires, Set<String> exports) {}

    private static final Stream<Room> ROOMS = Stream.of(
            new Room(
                    "vault-auth-core",
                    "io.github.vaultlambda.auth",
                    Set.of("org.slf4j", "static org.jspecify"),
                    Set.of(
                            "io.github.vaultlambda.auth",
                            "io.github.vaultlambda.auth.aws",
                            "io.github.vaultlambda.auth.login",
                            "io.github.vaultlambda.client",
                            "io.github.vaultlambda.config",
                            "io.github.vaultlambda.http",
                            "io.github.vaultlambda.client.internal to io.github.vaultlambda.secrets",
                            "io.github.vaultlambda.json to io.github.vaultlambda.extension, io.github.vaultlambda.secrets",
                            "io.github.vaultlambda.log to io.github.vaultlambda.extension,"
                                    + " io.github.vaultlambda.handler, io.github.vaultlambda.secrets")),
            new Room(
                    "vault-secrets-loader",
                    "io.github.vaultlambda.secrets",
                    Set.of(
                            "transitive io.github.vaultlambda.auth",
                            "com.github.benmanes.caffeine",
                            "com.fasterxml.jackson.databind",
                            "static micrometer.core",
                            "static org.jspecify"),
                    Set.of(
                            "io.github.vaultlambda.secrets",
                            "io.github.vaultlambda.secrets.files",
                            "io.github.vaultlambda.secrets.metrics",
                            "io.github.vaultlambda.secrets.variables")),
            new Room(
                    "lambda-handler-wrapper",
                    "io.github.vaultlambda.handler",
                    Set.of(
                            "transitive io.github.vaultlambda.secrets",
                            "transitive aws.lambda.java.core",
                            "static aws.lambda.java.serialization",
                            "static org.crac",
                            "static org.jspecify"),
                    Set.of(
                            "io.github.vaultlambda.handler",
                            "io.github.vaultlambda.handler.entry",
                            "io.github.vaultlambda.handler.injection")),
            new Room(
                    "vault-handler-processor",
                    "io.github.vaultlambda.handler.processor",
                    Set.of("java.compiler", "io.github.vaultlambda.secrets", "static org.jspecify"),
                    Set.of("io.github.vaultlambda.handler.processor")),
            new Room(
                    "extension-binary",
                    "io.github.vaultlambda.extension",
                    Set.of(
                            "io.github.vaultlambda.auth",
                            "io.github.vaultlambda.secrets",
                            "static org.graalvm.nativeimage",
                            "static org.graalvm.word",
                            "static org.jspecify"),
                    Set.of()),
            new Room(
                    "vault-auth-aws-sdk",
                    "io.github.vaultlambda.auth.awssdk",
                    Set.of(
                            "transitive io.github.vaultlambda.auth",
                            "transitive software.amazon.awssdk.auth",
                            "transitive software.amazon.awssdk.identity.spi",
                            "transitive software.amazon.awssdk.services.sts",
                            "software.amazon.awssdk.awscore",
                            "software.amazon.awssdk.core",
                            "static org.jspecify"),
                    Set.of("io.github.vaultlambda.auth.awssdk")),
            new Room(
                    "vault-lambda-testkit",
                    "io.github.vaultlambda.testkit",
                    Set.of("static org.junit.jupiter.api", "static org.junit.platform.commons", "static org.jspecify"),
                    Set.of("io.github.vaultlambda.testkit", "io.github.vaultlambda.testkit.junit")));

    @TestFactory
    Stream<DynamicTest> modulesAreAsExpected() {
        return ROOMS.map(room -> DynamicTest.dynamicTest(room.folder(), () -> {
            ModuleDescriptor built = descriptor(room.folder());
            assertThat(built.name()).isEqualTo(room.module());
            assertThat(built.isOpen()).as("open to reflection").isFalse();
            assertThat(built.opens()).isEmpty();
            assertThat(requires(built)).containsExactlyInAnyOrderElementsOf(room.requires());
            assertThat(exports(built)).containsExactlyInAnyOrderElementsOf(room.exports());
        }));
    }

    private static ModuleDescriptor descriptor(String folder) throws IOException {
        Path file = Path.of("..", folder, "target", "classes", "module-info.class");
        try (InputStream in = Files.newInputStream(file)) {
            return ModuleDescriptor.read(in);
        }
    }

    private static Set<String> requires(ModuleDescriptor module) {
        return module.requires().stream()
                .filter(needed -> !needed.modifiers().contains(ModuleDescriptor.Requires.Modifier.MANDATED))
                .map(needed -> needed.modifiers().stream()
                                .map(modifier -> modifier.name().toLowerCase(Locale.ROOT) + " ")
                                .collect(Collectors.joining())
                        + needed.name())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> exports(ModuleDescriptor module) {
        return module.exports().stream()
                .map(shown -> shown.source()
                        + (shown.isQualified() ? " to " + String.join(", ", new TreeSet<>(shown.targets())) : ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
