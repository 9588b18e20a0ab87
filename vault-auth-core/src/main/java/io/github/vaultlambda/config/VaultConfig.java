package io.github.vaultlambda.config;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to reach Vault and log in to it. Immutable and thread-safe.
 *
 * <p>The variables that {@link #fromEnvironment} reads have the names and defaults of HashiCorp's vault-lambda-extension, so
 * that one set of variables serves both.
 */
public final class VaultConfig {
    private static final Duration DEFAULT_TOKEN_GRACE = Duration.ofSeconds(10);
    /** Lambda ends the init phase after ten seconds: one is left to say what went wrong. */
    private static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(9);

    private static final int DEFAULT_MAX_RETRIES = 2;

    private final URI address;
    private final @Nullable String namespace;
    private final String authMount;
    private final String authRole;
    private final @Nullable String iamServerId;
    private final StsEndpoint stsEndpoint;
    private final @Nullable URI stsAddress;
    private final @Nullable String assumedRoleArn;
    private final Duration tokenGrace;
    private final Duration requestTimeout;
    private final int maxRetries;
    private final @Nullable Duration cacheTtl;

    private VaultConfig(Builder builder) {
        this.address = Objects.requireNonNull(builder.address, "address");
        this.namespace = builder.namespace;
        this.authMount = Objects.requireNonNull(builder.authMount, "authMount");
        this.authRole = Objects.requireNonNull(builder.authRole, "authRole");
        this.iamServerId = builder.iamServerId;
        this.stsEndpoint = builder.stsEndpoint;
        this.stsAddress = builder.stsAddress;
        this.assumedRoleArn = builder.assumedRoleArn;
        this.tokenGrace = builder.tokenGrace;
        this.requestTimeout = builder.requestTimeout;
        this.maxRetries = builder.maxRetries;
        this.cacheTtl = builder.cacheTtl;
    }

    /**
     * Reads the configuration from variables.
     *
     * @throws VaultConfigException with every fault in one message
     */
    public static VaultConfig fromEnvironment(Map<String, String> environment) {
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        VaultConfig config = read(settings);
        settings.rejectFaults();
        return config;
    }

    /**
     * Reads the configuration from settings whose faults the caller rejects when it has read its own variables as well. Until
     * then the result must not be used.
     */
    public static VaultConfig read(EnvironmentSettings settings) {
        String address = settings.text("VLE_VAULT_ADDR") == null ? "VAULT_ADDR" : "VLE_VAULT_ADDR";
        return builder()
                .address(settings.requiredAddress(
                        address, "set it to the address of Vault, such as https://vault.example.com:8200"))
                .namespace(settings.text("VAULT_NAMESPACE"))
                .authMount(mount(settings))
                .authRole(settings.requiredText(
                        "VAULT_AUTH_ROLE", "set it to the role of the AWS auth method to log in as"))
                .iamServerId(settings.text("VAULT_IAM_SERVER_ID"))
                .stsEndpoint(StsEndpoint.read(settings))
                .stsAddress(settings.address("AWS_ENDPOINT_URL_STS"))
                .assumedRoleArn(settings.text("VAULT_ASSUMED_ROLE_ARN"))
                .tokenGrace(settings.duration("VAULT_TOKEN_EXPIRY_GRACE_PERIOD", DEFAULT_TOKEN_GRACE))
                .requestTimeout(settings.timeout("VAULT_CLIENT_TIMEOUT", DEFAULT_REQUEST_TIMEOUT))
                .maxRetries(settings.count("VAULT_MAX_RETRIES", DEFAULT_MAX_RETRIES, 100))
                .cacheTtl(settings.lenientDuration("VAULT_DEFAULT_CACHE_TTL"))
                .build();
    }

    private static String mount(EnvironmentSettings settings) {
        String variable = "VAULT_AUTH_PROVIDER";
        String fix = "set it to the path of the AWS auth method in Vault, usually aws";
        String mount = settings.requiredText(variable, fix);
        if (mount.matches("/+")) {
            settings.fault(variable + " is \"" + mount + "\": " + fix);
        }
        return mount;
    }

    /** A builder; address, mount and role have no default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Vault's address, with an optional path prefix and without a trailing slash. */
    public URI address() {
        return address;
    }

    /** The namespace for every request, or null (Vault Enterprise). */
    public @Nullable String namespace() {
        return namespace;
    }

    /** The path of the auth method after {@code auth/}, without slashes at its ends; nested mounts are allowed. */
    public String authMount() {
        return authMount;
    }

    /** The role of the auth method to log in as. */
    public String authRole() {
        return authRole;
    }

    /** The value of the signed header {@code X-Vault-AWS-IAM-Server-ID}, or null to send none. */
    public @Nullable String iamServerId() {
        return iamServerId;
    }

    /** The STS host and region that a login is signed for. */
    public StsEndpoint stsEndpoint() {
        return stsEndpoint;
    }

    /** Where our own calls to STS go when it is not {@link #stsEndpoint()}: a private endpoint or an emulator; may be null. */
    public @Nullable URI stsAddress() {
        return stsAddress;
    }

    /** The role that is assumed before the login, or null. */
    public @Nullable String assumedRoleArn() {
        return assumedRoleArn;
    }

    /** A token that has less time left than this is not used any more; default 10 s. Never more than half its TTL. */
    public Duration tokenGrace() {
        return tokenGrace;
    }

    /** The time that one operation may take with all its retries; default 9 s. */
    public Duration requestTimeout() {
        return requestTimeout;
    }

    /** How often a failed request is repeated; default 2. */
    public int maxRetries() {
        return maxRetries;
    }

    /** How old a value read from Vault may be before it is read again, or null where the using room has its own default. */
    public @Nullable Duration cacheTtl() {
        return cacheTtl;
    }

    /** Builds a {@link VaultConfig}. Not thread-safe. */
    public static final class Builder {
        private @Nullable URI address;
        private @Nullable String namespace;
        private @Nullable String authMount;
        private @Nullable String authRole;
        private @Nullable String iamServerId;
        private StsEndpoint stsEndpoint = StsEndpoint.global();
        private @Nullable URI stsAddress;
        private @Nullable String assumedRoleArn;
        private Duration tokenGrace = DEFAULT_TOKEN_GRACE;
        private Duration requestTimeout = DEFAULT_REQUEST_TIMEOUT;
        private int maxRetries = DEFAULT_MAX_RETRIES;
        private @Nullable Duration cacheTtl;

        private Builder() {}

        /** See {@link VaultConfig#address()}; required. */
        public Builder address(URI address) {
            String text = address.toString();
            this.address = text.endsWith("/") ? URI.create(text.replaceAll("/+$", "")) : address;
            return this;
        }

        /** See {@link VaultConfig#namespace()}. */
        public Builder namespace(@Nullable String namespace) {
            this.namespace = namespace;
            return this;
        }

        /** See {@link VaultConfig#authMount()}; required; extra slashes are dropped. */
        public Builder authMount(String authMount) {
            this.authMount = authMount.replaceAll("/{2,}", "/").replaceAll("^/|/$", "");
            return this;
        }

        /** See {@link VaultConfig#authRole()}; required. */
        public Builder authRole(String authRole) {
            this.authRole = Objects.requireNonNull(authRole, "authRole");
            return this;
        }

        /** See {@link VaultConfig#iamServerId()}. */
        public Builder iamServerId(@Nullable String iamServerId) {
            this.iamServerId = iamServerId;
            return this;
        }

        /** See {@link VaultConfig#stsEndpoint()}; default {@link StsEndpoint#global()}. */
        public Builder stsEndpoint(StsEndpoint stsEndpoint) {
            this.stsEndpoint = Objects.requireNonNull(stsEndpoint, "stsEndpoint");
            return this;
        }

        /** See {@link VaultConfig#stsAddress()}. */
        public Builder stsAddress(@Nullable URI stsAddress) {
            this.stsAddress = stsAddress;
            return this;
        }

        /** See {@link VaultConfig#assumedRoleArn()}. */
        public Builder assumedRoleArn(@Nullable String assumedRoleArn) {
            this.assumedRoleArn = assumedRoleArn;
            return this;
        }

        /** See {@link VaultConfig#tokenGrace()}. */
        public Builder tokenGrace(Duration tokenGrace) {
            this.tokenGrace = Objects.requireNonNull(tokenGrace, "tokenGrace");
            return this;
        }

        /** See {@link VaultConfig#requestTimeout()}. */
        public Builder requestTimeout(Duration requestTimeout) {
            this.requestTimeout = Objects.requireNonNull(requestTimeout, "requestTimeout");
            return this;
        }

        /** See {@link VaultConfig#maxRetries()}. */
        public Builder maxRetries(int maxRetries) {
            this.maxRetries = maxRetries;
            return this;
        }

        /** See {@link VaultConfig#cacheTtl()}. */
        public Builder cacheTtl(@Nullable Duration cacheTtl) {
            this.cacheTtl = cacheTtl;
            return this;
        }

        /** The configuration; throws NullPointerException where a required part is missing. */
        public VaultConfig build() {
            return new VaultConfig(this);
        }
    }
}
