package io.github.vaultlambda.config;

import io.github.vaultlambda.http.ProxyOptions;
import io.github.vaultlambda.http.TlsOptions;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to reach Vault, and how long what it answers is good. Who logs in is not said here: each login method has options of its
 * own. Immutable and thread-safe.
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
    private final Duration tokenGrace;
    private final boolean revokeOnClose;
    private final Duration requestTimeout;
    private final int maxRetries;
    private final Map<String, String> headers;
    private final @Nullable RateLimit rateLimit;
    private final boolean followRedirects;
    private final TlsOptions tls;
    private final ProxyOptions proxies;

    private VaultConfig(Builder builder) {
        this.address = Objects.requireNonNull(builder.address, "address");
        this.namespace = builder.namespace;
        this.tokenGrace = builder.tokenGrace;
        this.revokeOnClose = builder.revokeOnClose;
        this.requestTimeout = builder.requestTimeout;
        this.maxRetries = builder.maxRetries;
        this.headers = builder.headers;
        this.rateLimit = builder.rateLimit;
        this.followRedirects = builder.followRedirects;
        this.tls = builder.tls;
        this.proxies = builder.proxies;
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
        return builder()
                .address(address(settings))
                .namespace(settings.text("VAULT_NAMESPACE"))
                .tokenGrace(settings.duration("VAULT_TOKEN_EXPIRY_GRACE_PERIOD", DEFAULT_TOKEN_GRACE))
                .revokeOnClose(settings.flag("VAULT_REVOKE_TOKEN_ON_CLOSE", false))
                .requestTimeout(settings.timeout("VAULT_CLIENT_TIMEOUT", DEFAULT_REQUEST_TIMEOUT))
                .maxRetries(settings.count("VAULT_MAX_RETRIES", DEFAULT_MAX_RETRIES, 0, 100))
                .headers(HeaderSettings.read(settings))
                .tls(TlsSettings.read(settings))
                .proxies(ProxySettings.read(settings))
                .rateLimit(rateLimit(settings))
                .followRedirects(!settings.flag("VAULT_DISABLE_REDIRECTS", false))
                .build();
    }

    /**
     * The variable that holds Vault's address: the first that is set of {@code VLE_VAULT_ADDR}, {@code VAULT_AGENT_ADDR} and {@code
     * VAULT_ADDR}.
     */
    public static String addressVariable(EnvironmentSettings settings) {
        if (settings.text("VLE_VAULT_ADDR") != null) {
            return "VLE_VAULT_ADDR";
        }
        return settings.text("VAULT_AGENT_ADDR") != null ? "VAULT_AGENT_ADDR" : "VAULT_ADDR";
    }

    private static URI address(EnvironmentSettings settings) {
        String variable = addressVariable(settings);
        URI address = settings.requiredAddress(
                variable, "set it to the address of Vault, such as https://vault.example.com:8200");
        String path = address.getRawPath();
        if (path.endsWith("/v1") || path.endsWith("/v1/")) {
            settings.fault(variable + " ends with /v1: leave that out, it is added to each request");
        }
        if (settings.flag("VAULT_SRV_LOOKUP", false)
                && address.getPort() < 0) { // with a port Vault's client asks no DNS
            settings.fault(
                    "VAULT_SRV_LOOKUP is true, but SRV records are not looked up here: write Vault's host and port in "
                            + variable);
        }
        return address;
    }

    /** Begins, in the background, to load what a connection to this address needs; touches no network. */
    public void prepareConnection() {
        if ("https".equalsIgnoreCase(address.getScheme())) {
            tls.loadAhead();
        }
    }

    /** This with a {@code User-Agent} for every request, unless {@link #headers()} have one already. */
    public VaultConfig withUserAgent(String product) {
        Map<String, String> more = new LinkedHashMap<>();
        more.put("User-Agent", product);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (header.getKey().equalsIgnoreCase("User-Agent")) {
                return this;
            }
            more.put(header.getKey(), header.getValue());
        }
        return builder()
                .address(address)
                .namespace(namespace)
                .tokenGrace(tokenGrace)
                .revokeOnClose(revokeOnClose)
                .requestTimeout(requestTimeout)
                .maxRetries(maxRetries)
                .headers(more)
                .rateLimit(rateLimit)
                .followRedirects(followRedirects)
                .tls(tls)
                .proxies(proxies)
                .build();
    }

    private static @Nullable RateLimit rateLimit(EnvironmentSettings settings) {
        String text = settings.text("VAULT_RATE_LIMIT");
        if (text == null) {
            return null;
        }
        RateLimit limit = RateLimit.parse(text);
        if (limit == null) {
            settings.fault("VAULT_RATE_LIMIT is \"" + text
                    + "\": write requests per second, such as 10, or with a burst, such as 10:20");
        }
        return limit;
    }

    /** A builder; the address has no default. */
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

    /** A token that has less time left than this is not used any more; default 10 s. Never more than half its TTL. */
    public Duration tokenGrace() {
        return tokenGrace;
    }

    /** Whether a token is revoked when its session is closed; default no. */
    public boolean revokeOnClose() {
        return revokeOnClose;
    }

    /** The time that one operation may take with all its retries; default 9 s. */
    public Duration requestTimeout() {
        return requestTimeout;
    }

    /** How often a failed request is repeated; default 2. */
    public int maxRetries() {
        return maxRetries;
    }

    /** Headers for every request beside Vault's own; empty by default. Their values may be secret. */
    public Map<String, String> headers() {
        return headers;
    }

    /** How many requests per second may go to Vault, or null for any number, which is the default. */
    public @Nullable RateLimit rateLimit() {
        return rateLimit;
    }

    /**
     * Whether a redirect is followed, default yes: to Vault's paths at the same address, or to the host that Vault names as its
     * active node, and never from an encrypted address to an unencrypted one.
     */
    public boolean followRedirects() {
        return followRedirects;
    }

    /** How the connection to Vault is secured; by default with the trust store of the Java runtime. */
    public TlsOptions tls() {
        return tls;
    }

    /** Through which forward proxy connections go; by default through none. */
    public ProxyOptions proxies() {
        return proxies;
    }

    /** Builds a {@link VaultConfig}. Not thread-safe. */
    public static final class Builder {
        private @Nullable URI address;
        private @Nullable String namespace;
        private Duration tokenGrace = DEFAULT_TOKEN_GRACE;
        private boolean revokeOnClose;
        private Duration requestTimeout = DEFAULT_REQUEST_TIMEOUT;
        private int maxRetries = DEFAULT_MAX_RETRIES;
        private Map<String, String> headers = Map.of();
        private @Nullable RateLimit rateLimit;
        private boolean followRedirects = true;
        private TlsOptions tls = TlsOptions.defaults();
        private ProxyOptions proxies = ProxyOptions.none();

        private Builder() {}

        /**
         * See {@link VaultConfig#address()}; required.
         *
         * @throws IllegalArgumentException when it has a user, a query or a fragment; the message does not quote it
         */
        public Builder address(URI address) {
            String authority = address.getRawAuthority();
            if ((authority != null && authority.indexOf('@') >= 0)
                    || address.getRawQuery() != null
                    || address.getRawFragment() != null) {
                throw new IllegalArgumentException(
                        "the address of Vault has a user, a query or a fragment (value not shown): leave that out");
            }
            String text = address.toString();
            this.address = text.endsWith("/") ? URI.create(text.replaceAll("/+$", "")) : address;
            return this;
        }

        /** See {@link VaultConfig#namespace()}. */
        public Builder namespace(@Nullable String namespace) {
            this.namespace = namespace;
            return this;
        }

        /** See {@link VaultConfig#tokenGrace()}. */
        public Builder tokenGrace(Duration tokenGrace) {
            this.tokenGrace = Objects.requireNonNull(tokenGrace, "tokenGrace");
            return this;
        }

        /** See {@link VaultConfig#revokeOnClose()}. */
        public Builder revokeOnClose(boolean revoke) {
            this.revokeOnClose = revoke;
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

        /** See {@link VaultConfig#headers()}; the map is copied. */
        public Builder headers(Map<String, String> headers) {
            this.headers = Map.copyOf(headers);
            return this;
        }

        /** See {@link VaultConfig#rateLimit()}. */
        public Builder rateLimit(@Nullable RateLimit limit) {
            this.rateLimit = limit;
            return this;
        }

        /** See {@link VaultConfig#followRedirects()}. */
        public Builder followRedirects(boolean follow) {
            this.followRedirects = follow;
            return this;
        }

        /** See {@link VaultConfig#tls()}. */
        public Builder tls(TlsOptions options) {
            this.tls = Objects.requireNonNull(options, "options");
            return this;
        }

        /** See {@link VaultConfig#proxies()}. */
        public Builder proxies(ProxyOptions options) {
            this.proxies = Objects.requireNonNull(options, "options");
            return this;
        }

        /** The configuration; throws NullPointerException where a required part is missing. */
        public VaultConfig build() {
            return new VaultConfig(this);
        }
    }
}
