/** The annotation processor for handlers with Vault secrets. */
module io.github.vaultlambda.handler.processor {
    requires java.compiler;
    requires io.github.vaultlambda.secrets;
    requires static org.jspecify;

    exports io.github.vaultlambda.handler.processor;

    provides javax.annotation.processing.Processor with
            io.github.vaultlambda.handler.processor.VaultSecretProcessor;
}
