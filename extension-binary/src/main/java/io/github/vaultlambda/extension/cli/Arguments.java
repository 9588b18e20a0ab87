package io.github.vaultlambda.extension.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The arguments of a command: options that are there or not, and what else there is. Immutable. */
final class Arguments {
    private final Set<String> options;
    private final List<String> others;

    private Arguments(Set<String> options, List<String> others) {
        this.options = options;
        this.others = others;
    }

    /**
     * Takes them apart. What stands behind {@code --} is no option.
     *
     * @param known the options of the command, such as {@code --json}
     * @throws UsageException when there is another option
     */
    static Arguments parse(List<String> arguments, Set<String> known) throws UsageException {
        Set<String> options = new HashSet<>();
        List<String> others = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--")) {
                others.addAll(arguments.subList(i + 1, arguments.size()));
                break;
            }
            if (!argument.startsWith("-") || argument.equals("-")) {
                others.add(argument);
            } else if (known.contains(argument)) {
                options.add(argument);
            } else {
                throw new UsageException("there is no option " + argument);
            }
        }
        return new Arguments(options, List.copyOf(others));
    }

    boolean has(String option) {
        return options.contains(option);
    }

    List<String> others() {
        return others;
    }

    /** For commands that take nothing but options. */
    Arguments withoutOthers() throws UsageException {
        if (!others.isEmpty()) {
            throw new UsageException("\"" + others.get(0) + "\" is one argument too many");
        }
        return this;
    }
}
