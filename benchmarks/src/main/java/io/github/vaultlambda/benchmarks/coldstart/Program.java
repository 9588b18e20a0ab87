package io.github.vaultlambda.benchmarks.coldstart;

import org.jspecify.annotations.Nullable;

/** What a fresh JVM runs: reads the field {@code password} of one secret as soon as it can. */
enum Program {
    /** Nothing: what the JVM itself costs. */
    EMPTY("empty main", "EmptyProgram", null),
    /** The same two requests, written for this one purpose, without any library. */
    HAND_WRITTEN("hand-written", "HandWrittenProgram", null),
    /** This library. */
    LIBRARY("library", "LibraryProgram", null),
    /** This library where the function brings no backend for its log lines, as the peers run. */
    SILENT_LIBRARY("library, no log backend", "LibraryProgram", null),
    /** This library behind a decorated handler, which is made and called once. */
    DECORATOR("decorated handler", "DecoratorProgram", null),
    /** This library behind an annotated handler. */
    ANNOTATED("annotated handler", "AnnotatedProgram", null),
    /** A peer that does not sign the login by itself. */
    VAULT_JAVA_DRIVER("vault-java-driver", "VaultJavaDriverProgram", "vault-java-driver"),
    /** A peer that signs with the AWS SDK. */
    SPRING_VAULT("spring-vault", "SpringVaultProgram", "spring-vault");

    private final String title;
    private final String mainClass;
    private final @Nullable String peer;

    Program(String title, String mainClass, @Nullable String peer) {
        this.title = title;
        this.mainClass = mainClass;
        this.peer = peer;
    }

    String title() {
        return title;
    }

    /** By name: a peer's program cannot be seen from here. */
    String mainClass() {
        return "io.github.vaultlambda.benchmarks.programs." + mainClass;
    }

    /** The folder in {@code peers} that the program is built in, or null for those of this module. */
    @Nullable
    String peer() {
        return peer;
    }
}
