package io.github.vaultlambda.testkit.junit;

import io.github.vaultlambda.testkit.FunctionVault;
import io.github.vaultlambda.testkit.StsEmulator;
import io.github.vaultlambda.testkit.VaultStandIn;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test a Vault in its own process, with these secrets and a function that may read them:
 *
 * <pre>{@code
 * @VaultTest(@VaultTestSecret(path = "secret/data/orders/db", fields = {"user=orders", "password=geheim"}))
 * class OrdersTest {
 *     @Test
 *     void greetsWithTheUser(VaultSecrets secrets) {
 *         assertEquals("orders", new Orders(secrets).handleRequest("4711", null));
 *     }
 * }
 * }</pre>
 *
 * <p>Constructors, test methods and the methods before and after them may have these parameters:
 *
 * <ul>
 *   <li>{@link FunctionVault}, the Vault with its STS: gives and rotates secrets, and {@link FunctionVault#environment()} has
 *       the function's variables,
 *   <li>{@link VaultStandIn} and {@link StsEmulator}, the two behind it: let Vault fail, hang or be sealed, and tell what was
 *       asked of it,
 *   <li>every class with a public static method {@code fromEnvironment(Map<String, String>)} that gives an object of the class,
 *       such as {@code VaultSecrets}: it is made from the variables, anew for each parameter, and closed after the test when
 *       it is {@link AutoCloseable}.
 * </ul>
 *
 * <p>Each test has a Vault of its own, started when the first parameter asks for it, so tests may change anything in it and may
 * run in parallel. With {@link #lifecycle} {@link Lifecycle#PER_CLASS} the tests of a class share one, which is also there in
 * {@code @BeforeAll}. An annotation at a method or a nested class adds its secrets and variables to those of the class
 * around it; one at the same path, or of the same name, replaces it.
 *
 * <p>What is wrong with the annotations is reported as the failure of the test that asks for its Vault.
 */
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(VaultTestExtension.class)
public @interface VaultTest {
    /** The secrets that are there, and that the function may read. */
    VaultTestSecret[] value() default {};

    /** Variables of the function beside those that are needed to log in, as {@code NAME=value}. */
    String[] variables() default {};

    /** Whether each test has a Vault of its own, which is the default, or the class has one. */
    Lifecycle lifecycle() default Lifecycle.PER_METHOD;

    /** Whether Vault is reached over HTTPS; the variables say which authority to trust. */
    boolean tls() default false;
}
