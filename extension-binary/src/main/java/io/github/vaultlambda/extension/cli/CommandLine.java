package io.github.vaultlambda.extension.cli;

import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.extension.log.OneLine;
import io.github.vaultlambda.json.JsonWriter;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The command line: {@code PROGRAM COMMAND [OPTION...] [ARGUMENT...]}. Results go to standard output, messages to standard error.
 * With {@code --json} there is one line of JSON on standard output in any case, also when the command fails.
 */
public final class CommandLine {
    private final Surroundings surroundings;
    private final List<Command> commands = List.of(
            new LoginCommand(), new ReadCommand(), new ExecCommand(), new DoctorCommand(), new VersionCommand());

    private CommandLine(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /**
     * Does what these arguments say.
     *
     * @param arguments at least one
     * @param program the name by which the program was called
     * @return the exit code
     */
    public static int run(
            List<String> arguments, Map<String, String> environment, String program, PrintStream out, PrintStream err) {
        return new CommandLine(new Surroundings(environment, program, out, err)).run(arguments);
    }

    private int run(List<String> arguments) {
        String name = arguments.get(0);
        List<String> rest = arguments.subList(1, arguments.size());
        switch (name) {
            case "--help", "-h", "help" -> {
                return help(rest);
            }
            case "--version", "-v" -> {
                return run(new VersionCommand(), rest);
            }
            default -> {
                Command command = find(name);
                return command == null ? wrong("there is no command " + name, "--help") : run(command, rest);
            }
        }
    }

    private int help(List<String> about) {
        if (about.isEmpty()) {
            surroundings.print(overview());
            return ExitCode.OK.number();
        }
        Command command = find(about.get(0));
        if (command == null) {
            return wrong("there is no command " + about.get(0), "--help");
        }
        surroundings.print(help(command));
        return ExitCode.OK.number();
    }

    private int run(Command command, List<String> arguments) {
        if (asksForHelp(arguments)) {
            surroundings.print(help(command));
            return ExitCode.OK.number();
        }
        boolean json = beforeCommand(arguments).contains("--json");
        try {
            return command.run(arguments, surroundings);
        } catch (UsageException e) {
            if (json) {
                surroundings.print(failure(ExitCode.USAGE, String.valueOf(e.getMessage()), null));
            }
            return wrong(String.valueOf(e.getMessage()), command.name() + " --help");
        } catch (RuntimeException e) {
            ExitCode code = ExitCode.of(e);
            String message = ExitCode.isExpected(e)
                    ? OneLine.of(e)
                    : "unexpected failure, a fault of this program: " + OneLine.of(e.toString());
            if (json) {
                surroundings.print(failure(code, message, e instanceof VaultException known ? known : null));
            }
            surroundings.tell(surroundings.program() + ": " + message);
            return code.number();
        }
    }

    private static boolean asksForHelp(List<String> arguments) {
        List<String> own = beforeCommand(arguments);
        return own.contains("--help") || own.contains("-h");
    }

    /** What is ours: behind {@code --} stand the arguments of another program. */
    private static List<String> beforeCommand(List<String> arguments) {
        int end = arguments.indexOf("--");
        return end < 0 ? arguments : arguments.subList(0, end);
    }

    private @Nullable Command find(String name) {
        for (Command command : commands) {
            if (command.name().equals(name)) {
                return command;
            }
        }
        return null;
    }

    private int wrong(String message, String help) {
        surroundings.tell(surroundings.program() + ": " + message + "; see " + surroundings.program() + " " + help);
        return ExitCode.USAGE.number();
    }

    private String overview() {
        StringBuilder text = new StringBuilder("Vault for AWS Lambda\n\nUsage: ");
        text.append(surroundings.program()).append(" COMMAND [OPTION...]\n\n");
        for (Command command : commands) {
            text.append("  ")
                    .append(command.name())
                    .append(" ".repeat(10 - command.name().length()));
            text.append(command.summary()).append('\n');
        }
        text.append("\nWithout a command it is a Lambda extension: proxy and secret files, until Lambda ends it.\n");
        text.append("Where Vault is and how to log in is said by variables, the same for commands and extension:\n");
        text.append("VAULT_ADDR, VAULT_AUTH_PROVIDER, VAULT_AUTH_ROLE and others.\n\n");
        text.append("COMMAND --help tells more of each.\n\n").append(exitCodes());
        return text.toString().stripTrailing();
    }

    private String help(Command command) {
        return ("Usage: " + surroundings.program() + " " + command.help() + "\n" + exitCodes()).stripTrailing();
    }

    private static String exitCodes() {
        StringBuilder text = new StringBuilder("Exit codes:\n");
        for (ExitCode code : ExitCode.values()) {
            text.append("  ")
                    .append(code.number())
                    .append("  ")
                    .append(code.meaning())
                    .append('\n');
        }
        return text.toString();
    }

    private static JsonWriter failure(ExitCode code, String message, @Nullable VaultException details) {
        JsonWriter json = new JsonWriter();
        json.open('{');
        json.name("error");
        json.open('{');
        field(json, "type", code.label());
        field(json, "message", message);
        if (details != null) {
            if (details.status() != 0) {
                json.name("status");
                json.literal(Integer.toString(details.status()));
            }
            if (!details.path().isEmpty()) {
                field(json, "path", details.path());
            }
            String hint = details.hint();
            if (hint != null) {
                field(json, "hint", hint);
            }
        }
        json.close('}');
        json.close('}');
        return json;
    }

    private static void field(JsonWriter json, String name, String value) {
        json.name(name);
        json.string(value);
    }
}
