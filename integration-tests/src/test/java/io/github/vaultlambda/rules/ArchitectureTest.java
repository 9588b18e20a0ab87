package io.github.vaultlambda.rules;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may depend on whom. */
class ArchitectureTest {
    private static final String ROOT = "io.github.vaultlambda.";
    private static final String LOG = ROOT + "log..";
    private static final String JSON = ROOT + "json..";
    private static final String HTTP = ROOT + "http..";
    private static final String CONFIG = ROOT + "config..";
    private static final String CLIENT = ROOT + "client..";
    private static final String LOGIN = ROOT + "auth.login..";
    private static final String AWS = ROOT + "auth.aws..";
    private static final String AUTH = ROOT + "auth";
    private static final String[] CORE = {LOG, JSON, HTTP, CONFIG, CLIENT, LOGIN, AWS, AUTH};
    private static final String AWS_SDK = ROOT + "auth.awssdk..";
    private static final String SECRETS = ROOT + "secrets..";
    private static final String HANDLER = ROOT + "handler..";
    private static final String PROCESSOR = ROOT + "handler.processor..";
    private static final String EXTENSION = ROOT + "extension..";
    private static final String TESTKIT = ROOT + "testkit..";

    /** The classes, with those nested in them, that read the process's environment; everything else is handed a map. */
    private static final Set<String> READ_THE_ENVIRONMENT = Set.of(
            ROOT + "extension.ExtensionMain",
            ROOT + "secrets.VaultSecrets", // fromEnvironment() without a map
            ROOT + "handler.HandlerEnvironment", // for handlers that Lambda makes
            ROOT + "testkit.lambda.Settings"); // a test double: child processes inherit PATH and the like

    /** The classes that wait, each behind a seam. */
    private static final Set<String> WAIT = Set.of(ROOT + "client.Platform", ROOT + "testkit.vault.FaultPlan");

    /** What is written as users write, and what measures: above the rooms, and free of their rules. */
    private static final Pattern NO_ROOM = Pattern.compile(".*/io/github/vaultlambda/(examples|benchmarks)/.*");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.matches(NO_ROOM))
            .importPackages("io.github.vaultlambda");

    @Test
    void roomsDependDownwardOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("log")
                .definedBy(LOG)
                .layer("json")
                .definedBy(JSON)
                .layer("http")
                .definedBy(HTTP)
                .layer("config")
                .definedBy(CONFIG)
                .layer("client")
                .definedBy(CLIENT)
                .layer("login")
                .definedBy(LOGIN)
                .layer("aws")
                .definedBy(AWS)
                .layer("auth")
                .definedBy(AUTH)
                .layer("awssdk")
                .definedBy(AWS_SDK)
                .layer("secrets")
                .definedBy(SECRETS)
                .layer("handler")
                .definedBy(HANDLER)
                .layer("extension")
                .definedBy(EXTENSION)
                .layer("testkit")
                .definedBy(TESTKIT)
                .whereLayer("log")
                .mayNotAccessAnyLayer()
                .whereLayer("json")
                .mayNotAccessAnyLayer()
                .whereLayer("http")
                .mayNotAccessAnyLayer()
                .whereLayer("config")
                .mayOnlyAccessLayers("http", "json")
                .whereLayer("client")
                .mayOnlyAccessLayers("log", "config", "http", "json")
                .whereLayer("login")
                .mayOnlyAccessLayers("client", "config", "http", "json")
                .whereLayer("aws")
                .mayOnlyAccessLayers("log", "login", "client", "config", "http", "json")
                .whereLayer("auth")
                .mayOnlyAccessLayers("log", "aws", "login", "client", "config", "http", "json")
                .whereLayer("awssdk")
                .mayOnlyAccessLayers("aws", "login", "client")
                .whereLayer("secrets")
                .mayOnlyAccessLayers("log", "auth", "login", "client", "config", "json")
                .whereLayer("handler")
                .mayOnlyAccessLayers("log", "secrets", "auth", "client", "config")
                .whereLayer("extension")
                .mayOnlyAccessLayers("log", "secrets", "auth", "aws", "login", "client", "config", "http", "json")
                .whereLayer("testkit")
                .mayNotAccessAnyLayer()
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.github.vaultlambda.(**)")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void coreUsesSlf4jAndNothingElse() {
        classes()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(and(CORE, "java..", "javax..", "org.slf4j", "org.jspecify.."))
                .check(CLASSES);
    }

    @Test
    void testkitUsesTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage(TESTKIT)
                .and(not(resideInAPackage(ROOT + "testkit.junit"))) // for those who have JUnit
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(TESTKIT, "java..", "javax..", "com.sun.net.httpserver..", "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void awsSdkIsUsedByItsAdapterAlone() {
        noClasses()
                .that(not(resideInAPackage(AWS_SDK)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon.awssdk..")
                .check(CLASSES);
    }

    /** It runs in the compiler, where the runtime is not. */
    @Test
    void processorNeedsReferencesAndDurationsAlone() {
        classes()
                .that()
                .resideInAPackage(PROCESSOR)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(PROCESSOR, SECRETS, CONFIG, "java..", "javax..", "org.jspecify..")
                .check(CLASSES);
        noClasses()
                .that(not(resideInAPackage(PROCESSOR)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(PROCESSOR)
                .check(CLASSES);
    }

    @Test
    void extensionNeedsNoLambdaRuntimeLibrary() {
        noClasses()
                .that(not(resideInAnyPackage(HANDLER)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.amazonaws..", "org.crac..")
                .check(CLASSES);
    }

    @Test
    void internalPackagesAreUsedByThoseThatTheModuleNames() {
        noClasses()
                .that(not(resideInAnyPackage(and(CORE, SECRETS))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "client.internal..")
                .check(CLASSES);
        noClasses()
                .that(not(resideInAPackage(CLIENT)))
                .and(not(resideInAnyPackage(and(CORE, SECRETS))))
                .should()
                .dependOnClassesThat(internalOf("client"))
                .check(CLASSES);
        for (String room : new String[] {"config", "auth", "secrets", "handler", "extension", "testkit"}) {
            noClasses()
                    .that(not(resideInAPackage(ROOT + room + "..")))
                    .should()
                    .dependOnClassesThat(internalOf(room))
                    .check(CLASSES);
        }
    }

    private static String[] and(String[] packages, String... more) {
        return Stream.of(packages, more).flatMap(Stream::of).toArray(String[]::new);
    }

    private static DescribedPredicate<JavaClass> internalOf(String room) {
        return resideInAPackage(ROOT + room + "..internal..");
    }

    @Test
    void environmentIsReadAtTheEntryPointsOnly() {
        noClasses()
                .that(not(outermostIn(READ_THE_ENVIRONMENT)))
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .check(CLASSES);
    }

    @Test
    void nobodyWaitsPastTheSeam() {
        noClasses()
                .that(not(outermostIn(WAIT)))
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .check(CLASSES);
    }

    @Test
    void timeComesFromTheSeam() {
        noClasses()
                .that(not(resideInAPackage(TESTKIT)))
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> outermostIn(Set<String> names) {
        return DescribedPredicate.describe(
                "in " + names, type -> names.contains(type.getFullName().replaceAll("\\$.*", "")));
    }

    @Test
    void nobodyUsesJavaUtilLogging() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(CLASSES);
    }

    @Test
    void nobodyPrints() {
        noClasses()
                .that(not(resideInAPackage(ROOT + "testkit.lambda")))
                .and(not(outermostIn(Set.of(ROOT + "extension.ExtensionMain"))))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(CLASSES);
        noClasses().should().callMethod(Throwable.class, "printStackTrace").check(CLASSES);
    }
}
