package io.github.vaultlambda.handler.processor;

import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/** Names of classes that generated code uses, and of those that it consists of. */
final class Names {
    static final String ROOT = "io.github.vaultlambda.handler.";
    static final String VAULT_SECRET = ROOT + "VaultSecret";
    static final String VAULT_FUNCTION = ROOT + "VaultFunction";
    static final String BASE_HANDLER = ROOT + "VaultRequestHandler";
    static final String BASE_STREAM_HANDLER = ROOT + "VaultRequestStreamHandler";
    static final String GENERATED = "javax.annotation.processing.Generated";
    static final String SECRETS = "io.github.vaultlambda.secrets.";
    static final String LAMBDA = "com.amazonaws.services.lambda.runtime.";
    static final String REQUEST_HANDLER = LAMBDA + "RequestHandler";
    static final String STREAM_HANDLER = LAMBDA + "RequestStreamHandler";
    static final String CONTEXT = LAMBDA + "Context";

    private Names() {}

    /** The simple name of the wrapper class, such as {@code OrdersWithVault}; nested classes have all their names in it. */
    static String wrapper(Elements elements, TypeElement type) {
        return flat(elements, type) + "WithVault";
    }

    /** The simple name of the class that assigns fields; the runtime looks for it by this rule. */
    static String injection(Elements elements, TypeElement type) {
        return flat(elements, type) + "_VaultInjection";
    }

    /** A class of the package of this one. */
    static String beside(Elements elements, TypeElement type, String simpleName) {
        String folder = elements.getPackageOf(type).getQualifiedName().toString();
        return folder.isEmpty() ? simpleName : folder + "." + simpleName;
    }

    private static String flat(Elements elements, TypeElement type) {
        String binary = elements.getBinaryName(type).toString();
        return binary.substring(binary.lastIndexOf('.') + 1).replace('$', '_');
    }
}
