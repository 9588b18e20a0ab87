/** Vault secrets in Java Lambda handlers: decorators, base classes and an annotation. */
module io.github.vaultlambda.handler {
    requires transitive io.github.vaultlambda.secrets;
    requires transitive aws.lambda.java.core;
    requires static aws.lambda.java.serialization;
    requires static org.crac;
    requires static org.jspecify;

    exports io.github.vaultlambda.handler;
    exports io.github.vaultlambda.handler.entry;
    exports io.github.vaultlambda.handler.injection;
}
