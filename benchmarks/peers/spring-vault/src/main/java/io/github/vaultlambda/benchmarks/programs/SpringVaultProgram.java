package io.github.vaultlambda.benchmarks.programs;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.vault.authentication.AwsIamAuthentication;
import org.springframework.vault.authentication.AwsIamAuthenticationOptions;
import org.springframework.vault.authentication.SimpleSessionManager;
import org.springframework.vault.client.ClientHttpRequestFactoryFactory;
import org.springframework.vault.client.VaultClients;
import org.springframework.vault.client.VaultEndpoint;
import org.springframework.vault.core.VaultTemplate;
import org.springframework.vault.support.ClientOptions;
import org.springframework.vault.support.SslConfiguration;
import org.springframework.vault.support.SslConfiguration.KeyStoreConfiguration;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/**
 * The same read with Spring Vault's {@code VaultTemplate} in a program without a Spring context. Everything that can be chosen
 * is chosen for a quick start: credentials from the variables alone, the region given, no logging backend, the HTTP client that
 * comes with the JDK: {@code HttpURLConnection}, or {@code java.net.http} where a certificate authority is given, for Spring
 * Vault configures none lighter with that.
 */
final class SpringVaultProgram {
    private SpringVaultProgram() {}

    /** Takes the moment of the JVM's start. */
    public static void main(String[] arguments) throws Exception {
        long begin = System.nanoTime();
        VaultEndpoint vault = VaultEndpoint.from(variable("VAULT_ADDR"));
        ClientHttpRequestFactory http = http(System.getenv("VAULT_CACERT"));
        AwsIamAuthenticationOptions options = AwsIamAuthenticationOptions.builder()
                .path(variable("VAULT_AUTH_PROVIDER"))
                .role(variable("VAULT_AUTH_ROLE"))
                .serverId(variable("VAULT_IAM_SERVER_ID"))
                .credentialsProvider(EnvironmentVariableCredentialsProvider.create())
                .region(Region.US_EAST_1)
                .build();
        AwsIamAuthentication login = new AwsIamAuthentication(options, VaultClients.createRestTemplate(vault, http));
        VaultTemplate template = new VaultTemplate(vault, http, new SimpleSessionManager(login));
        Object value = Objects.requireNonNull(
                        template.opsForVersionedKeyValue("secret").get("orders/db"))
                .getRequiredData()
                .get("password");
        Measured.report(arguments, begin, String.valueOf(value));
    }

    private static ClientHttpRequestFactory http(@Nullable String authority) {
        if (authority == null) {
            return new SimpleClientHttpRequestFactory();
        }
        return ClientHttpRequestFactoryFactory.create(
                new ClientOptions(),
                SslConfiguration.forTrustStore(KeyStoreConfiguration.of(new FileSystemResource(authority))
                        .withStoreType(SslConfiguration.PEM_KEYSTORE_TYPE)));
    }

    private static String variable(String name) {
        return Objects.requireNonNull(System.getenv(name), name);
    }
}
