package io.github.vaultlambda.handler.processor;

import io.github.vaultlambda.handler.processor.HandlerModel.HandlerMethod;
import io.github.vaultlambda.handler.processor.HandlerModel.Parameter;
import io.github.vaultlambda.handler.processor.HandlerModel.Wrapper;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/** The source code of the classes that are written for a handler. The same model gives the same text. */
final class Sources {
    private static final String SUPPRESSED =
            "@SuppressWarnings({\"unchecked\", \"rawtypes\", \"cast\", \"deprecation\", \"removal\", \"exports\", \"NullAway\"})\n";

    private final Elements elements;
    private final HandlerModel model;
    private final TypeElement type;
    private final String handler;
    private final String head;

    Sources(Elements elements, HandlerModel model) {
        this.elements = elements;
        this.model = model;
        this.type = model.type();
        this.handler = type.getQualifiedName().toString();
        this.head = head();
    }

    private String head() {
        PackageElement folder = elements.getPackageOf(type);
        String declaration = folder.isUnnamed() ? "" : "package " + folder.getQualifiedName() + ";\n\n";
        return "// Written by vault-handler-processor; do not edit.\n" + declaration;
    }

    /** The annotation that says who wrote it, where the handler's module sees that one. */
    private String generated() {
        String name = Names.GENERATED;
        boolean known = elements.getModuleOf(type) == null
                ? elements.getTypeElement(name) != null
                : elements.getTypeElement(elements.getModuleOf(type), name) != null;
        return known ? "@" + name + "(\"" + VaultSecretProcessor.class.getName() + "\")\n" : "";
    }

    /** The class that assigns the fields. */
    String injection() {
        String name = Names.injection(elements, type);
        String open = type.getTypeParameters().isEmpty()
                ? handler
                : handler + "<"
                        + String.join(
                                ", ",
                                type.getTypeParameters().stream().map(p -> "?").toList()) + ">";
        StringBuilder code = new StringBuilder(head)
                .append("/** Puts secrets into the fields of {@link ")
                .append(handler)
                .append("}. */\n")
                .append(generated())
                .append(SUPPRESSED)
                .append("public final class ")
                .append(name)
                .append(" extends ")
                .append(Names.INJECTION)
                .append("SecretInjection {\n")
                .append("    static {\n        register(")
                .append(handler)
                .append(".class, new ")
                .append(name)
                .append("());\n    }\n\n")
                .append("    /** For generated code. */\n    public ")
                .append(name)
                .append("() {}\n\n")
                .append("    @Override\n    protected void members(")
                .append(Names.INJECTION)
                .append("SecretMembers members) {\n");
        for (SecretMember field : model.fields()) {
            code.append("        members.").append(field.declaration()).append('\n');
        }
        code.append("    }\n\n    @Override\n    protected void inject(java.lang.Object handler, ")
                .append(Names.INJECTION)
                .append("MemberValues values) {\n        ")
                .append(open)
                .append(" it = (")
                .append(open)
                .append(") handler;\n");
        int index = 0;
        for (SecretMember field : model.fields()) {
            code.append("        it.")
                    .append(field.name())
                    .append(" = ")
                    .append(field.cast())
                    .append("values.field(")
                    .append(index++)
                    .append(", it.")
                    .append(field.name())
                    .append(");\n");
        }
        return code.append("    }\n}\n").toString();
    }

    /** The class whose name is the function's handler setting. */
    String wrapper(Wrapper wrapper) {
        String name = Names.wrapper(elements, type);
        String implemented =
                wrapper.interfaces().isEmpty() ? "" : " implements " + String.join(", ", wrapper.interfaces());
        StringBuilder code = new StringBuilder(head)
                .append("/**\n * {@link ")
                .append(handler)
                .append("} with its secrets from Vault. The name of this class is the")
                .append(" function's handler setting.\n */\n")
                .append(generated())
                .append(SUPPRESSED)
                .append("public final class ")
                .append(name)
                .append(implemented)
                .append(" {\n")
                .append("    private final ")
                .append(Names.ANNOTATED_HANDLER)
                .append('<')
                .append(handler)
                .append("> vaultHandler;\n\n")
                .append("    /** As the variables of this process say. */\n    public ")
                .append(name)
                .append("() {\n        this(")
                .append(Names.SECRETS)
                .append("VaultSecrets.fromEnvironment());\n    }\n\n")
                .append("    /** With secrets from anywhere, for tests. */\n    public ")
                .append(name)
                .append('(')
                .append(Names.SECRETS)
                .append("VaultSecrets vault) {\n        this.vaultHandler = ")
                .append(Names.ANNOTATED_HANDLER)
                .append(".of(vault, ")
                .append(wrapper.options())
                .append(", new Recipe());\n    }\n");
        int secrets = 0;
        for (HandlerMethod method : wrapper.methods()) {
            secrets = method(code, method, secrets);
        }
        recipe(code, wrapper);
        return code.append("}\n").toString();
    }

    /** Returns the number of the next secret among the parameters of all methods. */
    private int method(StringBuilder code, HandlerMethod method, int firstSecret) {
        List<String> declared = new ArrayList<>();
        List<String> passed = new ArrayList<>();
        String turn = "turn";
        int secret = firstSecret;
        for (Parameter parameter : method.parameters()) {
            if (parameter.name().equals(turn)) {
                turn = "turn_";
            }
        }
        String context = "null";
        for (Parameter parameter : method.parameters()) {
            SecretMember member = parameter.secret();
            if (member == null) {
                declared.add(parameter.type() + " " + parameter.name());
                passed.add(parameter.name());
                context = parameter.type().equals(Names.CONTEXT) ? parameter.name() : context;
            } else {
                passed.add(member.cast() + turn + ".parameter(" + secret++ + ", " + member.otherwise() + ")");
            }
        }
        code.append('\n')
                .append(method.overrides() ? "    @Override\n" : "")
                .append("    public ")
                .append(method.returned())
                .append(' ')
                .append(method.name())
                .append('(')
                .append(String.join(", ", declared))
                .append(')')
                .append(method.thrown().isEmpty() ? "" : " throws " + String.join(", ", method.thrown()))
                .append(" {\n        ")
                .append(Names.ANNOTATED_HANDLER)
                .append(".Turn<")
                .append(handler)
                .append("> ")
                .append(turn)
                .append(" = vaultHandler.begin(")
                .append(context)
                .append(");\n        try {\n            ")
                .append(method.returned().equals("void") ? "" : "return ")
                .append(turn)
                .append(".handler().")
                .append(method.name())
                .append('(')
                .append(String.join(", ", passed))
                .append(");\n        } finally {\n")
                .append("            ")
                .append(turn)
                .append(".end();\n        }\n    }\n");
        return secret;
    }

    private void recipe(StringBuilder code, Wrapper wrapper) {
        code.append("\n    private static final class Recipe extends ")
                .append(Names.INJECTION)
                .append("HandlerRecipe<")
                .append(handler)
                .append("> {\n");
        if (!model.injections().isEmpty()) {
            code.append("        @Override\n        protected ")
                    .append(Names.INJECTION)
                    .append("SecretInjection[] injections() {\n            return new ")
                    .append(Names.INJECTION)
                    .append("SecretInjection[] {");
            String separator = "";
            for (String injection : model.injections()) {
                code.append(separator).append("new ").append(injection).append("()");
                separator = ", ";
            }
            code.append("};\n        }\n\n");
        }
        if (!wrapper.constructor().isEmpty()) {
            declarations(code, "constructor", wrapper.constructor());
        }
        code.append("        @Override\n        protected ")
                .append(handler)
                .append(" create(")
                .append(Names.INJECTION)
                .append("MemberValues values) throws java.lang.Exception {\n            return new ")
                .append(handler)
                .append('(');
        int index = 0;
        for (SecretMember member : wrapper.constructor()) {
            code.append(index == 0 ? "" : ", ")
                    .append(member.cast())
                    .append("values.value(")
                    .append(index++)
                    .append(", ")
                    .append(member.otherwise())
                    .append(')');
        }
        code.append(");\n        }\n");
        List<SecretMember> parameters = new ArrayList<>();
        for (HandlerMethod method : wrapper.methods()) {
            for (Parameter parameter : method.parameters()) {
                SecretMember secret = parameter.secret();
                if (secret != null) {
                    parameters.add(secret);
                }
            }
        }
        if (!parameters.isEmpty()) {
            code.append('\n');
            declarations(code, "methods", parameters);
        }
        code.append("    }\n");
    }

    private static void declarations(StringBuilder code, String of, List<SecretMember> members) {
        code.append("        @Override\n        protected void ")
                .append(of)
                .append('(')
                .append(Names.INJECTION)
                .append("SecretMembers members) {\n");
        for (SecretMember member : members) {
            code.append("            members.").append(member.declaration()).append('\n');
        }
        code.append("        }\n\n");
    }
}
