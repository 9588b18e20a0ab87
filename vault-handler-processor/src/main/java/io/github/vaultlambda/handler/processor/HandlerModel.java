package io.github.vaultlambda.handler.processor;

import java.util.List;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written for a class.
 *
 * @param fields those that it declares itself
 * @param injections the classes that inject into it and its superclasses, those first
 * @param wrapper what is wrapped around it; null when it needs no wrapper class
 */
record HandlerModel(
        TypeElement type,
        List<SecretMember> fields,
        List<String> injections,
        @Nullable Wrapper wrapper) {
    /**
     * The wrapper class.
     *
     * @param constructor the parameters of the constructor
     * @param interfaces of Lambda, as code
     * @param methods those that Lambda calls
     * @param options code that is put behind options, to make them as the class says; may be empty
     */
    record Wrapper(
            List<SecretMember> constructor, List<String> interfaces, List<HandlerMethod> methods, String options) {}

    /**
     * A method that Lambda calls.
     *
     * @param thrown exceptions, as code
     * @param of the interface of Lambda that it is from, as code; null when Lambda finds it by its name
     */
    record HandlerMethod(
            String name,
            String returned,
            List<Parameter> parameters,
            List<String> thrown,
            @Nullable String of) {}

    /**
     * A parameter of it.
     *
     * @param type as code
     * @param secret what it gets; null when it comes from Lambda
     */
    record Parameter(String name, String type, @Nullable SecretMember secret) {}
}
