/** Secrets that stay fresh: references, cache, typed binding and secret files. */
module io.github.vaultlambda.secrets {
    requires transitive io.github.vaultlambda.auth;
    requires com.github.benmanes.caffeine;
    requires com.fasterxml.jackson.databind;
    requires static micrometer.core;
    requires static org.jspecify;

    exports io.github.vaultlambda.secrets;
    exports io.github.vaultlambda.secrets.files;
    exports io.github.vaultlambda.secrets.metrics;
    exports io.github.vaultlambda.secrets.variables;
}
