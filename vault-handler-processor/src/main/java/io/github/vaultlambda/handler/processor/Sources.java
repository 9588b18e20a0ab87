package io.github.vaultlambda.handler.processor;

import io.github.vaultlambda.handler.processor.HandlerModel.HandlerMethod;
import io.github.vaultlambda.handler.processor.HandlerModel.Parameter;
import io.github.vaultlambda.handler.processor.HandlerModel.Wrapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.element.ModuleElement;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/**
 * The source code of the classes that are written for a handler. The same model gives the same text. Of what a first use costs a
 * cold start (lambdas, concatenations) nothing is in it, and all names are full ones.
 */
final class Sources {
    private static final Pattern PLACE = Pattern.compile("\\$[A-Za-z]+");
    private static final String SUPPRESSED =
            "\"unchecked\", \"rawtypes\", \"cast\", \"deprecation\", \"removal\", \"exports\", \"NullAway\"";

    private static final String INJECTION = """
            /** Puts secrets into the fields of {@link $Handler}. */
            $generated@SuppressWarnings({$suppressed})
            public final class $Name extends $injection.SecretInjection {
                static {
                    register($Handler.class, new $Name());
                }

                /** For generated code. */
                public $Name() {}

                @Override
                protected void members($injection.SecretMembers members) {
            $members    }

                @Override
                protected void inject(java.lang.Object handler, $injection.MemberValues values) {
                    $Open it = ($Open) handler;
            $assignments    }
            }
            """;

    private static final String WRAPPER = """
            /**
             * {@link $Handler} with its secrets from Vault. The name of this class is the function's handler setting.
             */
            $generated@SuppressWarnings({$suppressed})
            public final class $Name$implemented {
                private final $root.AnnotatedHandler<$Handler> vaultHandler;

                /** As the variables of this process say. */
                public $Name() {
                    this($root.HandlerEnvironment.vault(), $root.HandlerEnvironment.options()$options);
                }

                /** With secrets from anywhere, for tests. */
                public $Name($secrets.VaultSecrets vault) {
                    this(vault, $root.HandlerOptions.defaults()$options);
                }

                private $Name($secrets.VaultSecrets vault, $root.HandlerOptions options) {
                    this.vaultHandler = $root.AnnotatedHandler.of(vault, options, new $Recipe());
                }
            $methods
                private static final class $Recipe extends $injection.HandlerRecipe<$Handler> {
            $recipe        @Override
                    protected $Handler create($injection.MemberValues values) throws java.lang.Throwable {
                        return new $Handler($arguments);
                    }
                }
            }
            """;

    private static final String METHOD = """

            $override    public $returned $method($declared)$throws {
                    $root.AnnotatedHandler.Turn<$Handler> turn = vaultHandler.begin($context);
                    try {
                        $return$receiver.$method($passed);
                    } finally {
                        turn.end();
                    }
                }
            """;

    private static final String INJECTIONS = """
                    @Override
                    protected $injection.SecretInjection[] injections() {
                        return new $injection.SecretInjection[] {$new};
                    }

            """;

    private static final String DECLARATIONS = """
                    @Override
                    protected void $of($injection.SecretMembers members) {
            $members        }

            """;

    private final Elements elements;
    private final HandlerModel model;
    private final TypeElement type;
    private final String handler;
    private final Map<String, String> common;

    Sources(Elements elements, HandlerModel model) {
        this.elements = elements;
        this.model = model;
        this.type = model.type();
        this.handler = type.getQualifiedName().toString();
        this.common = Map.of(
                "$Handler",
                handler,
                "$generated",
                generated(),
                "$suppressed",
                SUPPRESSED,
                "$injection",
                "io.github.vaultlambda.handler.injection",
                "$secrets",
                "io.github.vaultlambda.secrets",
                "$root",
                "io.github.vaultlambda.handler");
    }

    /** The class that assigns the fields. */
    String injection() {
        List<String> members = new ArrayList<>();
        StringBuilder assignments = new StringBuilder();
        for (SecretMember field : model.fields()) {
            assignments
                    .append("        it.")
                    .append(field.name())
                    .append(" = ")
                    .append(field.cast())
                    .append("values.field(")
                    .append(members.size())
                    .append(", it.")
                    .append(field.name())
                    .append(");\n");
            members.add(field.declaration());
        }
        int parameters = type.getTypeParameters().size();
        String open = parameters == 0
                ? handler
                : handler + "<" + String.join(", ", Collections.nCopies(parameters, "?")) + ">";
        return file(
                INJECTION,
                "$Name",
                Names.injection(elements, type),
                "$Open",
                open,
                "$members",
                statements("        ", members),
                "$assignments",
                assignments.toString());
    }

    /** The class whose name is the function's handler setting. */
    String wrapper(Wrapper wrapper) {
        StringBuilder methods = new StringBuilder();
        List<String> secrets = new ArrayList<>();
        for (HandlerMethod method : wrapper.methods()) {
            methods.append(method(method, secrets));
        }
        StringBuilder recipe = new StringBuilder();
        if (!model.injections().isEmpty()) {
            List<String> made = new ArrayList<>();
            for (String injection : model.injections()) {
                made.add("new " + injection + "()");
            }
            recipe.append(filled(INJECTIONS, "$new", String.join(", ", made)));
        }
        List<String> declared = new ArrayList<>();
        List<String> arguments = new ArrayList<>();
        for (SecretMember member : wrapper.constructor()) {
            arguments.add(member.cast() + "values.value(" + arguments.size() + ", " + member.otherwise() + ")");
            declared.add(member.declaration());
        }
        declarations(recipe, "constructor", declared);
        declarations(recipe, "methods", secrets);
        List<String> interfaces = wrapper.interfaces();
        String name = Names.wrapper(elements, type);
        return file(
                WRAPPER,
                "$Name",
                name,
                "$Recipe", // a name that no class of the user in the unnamed package has
                name + "Recipe",
                "$implemented",
                interfaces.isEmpty() ? "" : " implements " + String.join(", ", interfaces),
                "$options",
                wrapper.options(),
                "$methods",
                methods.toString(),
                "$recipe",
                recipe.toString(),
                "$arguments",
                String.join(", ", arguments));
    }

    /** A method that Lambda calls; adds the secrets of its parameters to those of all methods. */
    private String method(HandlerMethod method, List<String> secrets) {
        List<String> declared = new ArrayList<>();
        List<String> passed = new ArrayList<>();
        String declaredBy = method.of();
        String context = "null";
        for (Parameter parameter : method.parameters()) {
            SecretMember secret = parameter.secret();
            if (secret == null) {
                context = parameter.type().equals(Names.CONTEXT) ? parameter.name() : context;
                declared.add(parameter.type() + " " + parameter.name());
                passed.add(parameter.name());
            } else {
                passed.add(secret.cast() + "turn.parameter(" + secrets.size() + ", " + secret.otherwise() + ")");
                secrets.add(secret.declaration());
            }
        }
        return filled(
                METHOD,
                "$override",
                declaredBy == null ? "" : "    @Override\n",
                "$returned",
                method.returned(),
                "$method",
                method.name(),
                "$declared",
                String.join(", ", declared),
                "$throws",
                method.thrown().isEmpty() ? "" : " throws " + String.join(", ", method.thrown()),
                "$receiver",
                declaredBy == null ? "turn.handler()" : "((" + declaredBy + ") turn.handler())",
                "$context",
                context,
                "$return",
                method.returned().equals("void") ? "" : "return ",
                "$passed",
                String.join(", ", passed));
    }

    private void declarations(StringBuilder recipe, String of, List<String> members) {
        if (!members.isEmpty()) {
            recipe.append(filled(DECLARATIONS, "$of", of, "$members", statements("            ", members)));
        }
    }

    private static String statements(String indent, List<String> members) {
        StringBuilder code = new StringBuilder();
        for (String member : members) {
            code.append(indent).append("members.").append(member).append('\n');
        }
        return code.toString();
    }

    /** A file with that class. */
    private String file(String template, String... places) {
        PackageElement folder = elements.getPackageOf(type);
        return "// Written by vault-handler-processor; do not edit.\n"
                + (folder.isUnnamed() ? "" : "package " + folder.getQualifiedName() + ";\n\n")
                + filled(template, places);
    }

    /** The annotation that says who wrote it, where the handler's module sees that one. */
    private String generated() {
        ModuleElement module = elements.getModuleOf(type);
        boolean known = module == null
                ? elements.getTypeElement(Names.GENERATED) != null
                : elements.getTypeElement(module, Names.GENERATED) != null;
        return known ? "@" + Names.GENERATED + "(\"" + VaultSecretProcessor.class.getName() + "\")\n" : "";
    }

    /** The template with its places filled, these and those that all have; what is filled in is left as it is. */
    private String filled(String template, String... places) {
        Map<String, String> texts = new HashMap<>(common);
        for (int i = 0; i < places.length; i += 2) {
            texts.put(places[i], places[i + 1]);
        }
        return PLACE.matcher(template)
                .replaceAll(place -> Matcher.quoteReplacement(Objects.requireNonNull(texts.get(place.group()))));
    }
}
