package io.github.vaultlambda.extension.cli;

import io.github.vaultlambda.extension.exec.Launch;
import io.github.vaultlambda.extension.exec.ResolvedVariables;
import io.github.vaultlambda.extension.exec.ShellLines;
import io.github.vaultlambda.extension.log.OneLine;
import io.github.vaultlambda.log.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Starts a program with secrets in its variables. */
final class ExecCommand implements Command {
    private static final Log LOG = Log.of(ExecCommand.class);

    private final Launch launch = Launch.ofThisProcess();

    @Override
    public String name() {
        return "exec";
    }

    @Override
    public String summary() {
        return "starts a program with secrets in the places of references in its variables";
    }

    @Override
    public String help() {
        return """
                exec -- PROGRAM [ARGUMENT...]
                       exec --shell

                Resolves references in the values of variables, such as DB_PASSWORD=vault:secret/data/orders/db#password,
                then runs the program with them. Its exit code is this one's; 126 and 127 are a program that cannot be
                executed, or is not there. Where there is no reference, Vault is not asked. When a reference cannot be
                resolved the program is not started, unless VAULT_EXEC_OPTIONAL is true, and the exit code says why, as below:
                of several the one whose variable's name comes first.

                  --shell   prints what is resolved as lines NAME=VALUE for the script vault-exec: a line break in a value
                            is \\n, a backslash \\\\. Secrets in the clear: for a pipe, not for a screen

                AWS_LAMBDA_EXEC_WRAPPER=/opt/vault-exec does the same to a Lambda function, in the process of its runtime.
                """;
    }

    @Override
    public int run(List<String> arguments, Surroundings surroundings) throws UsageException {
        Arguments given = Arguments.parse(arguments, Set.of("--shell"));
        if (given.has("--shell")) {
            given.withoutOthers();
            return shell(surroundings);
        }
        if (arguments.isEmpty()
                || !arguments.get(0).equals("--")
                || given.others().isEmpty()) {
            throw new UsageException("write -- and the program behind it");
        }
        Map<String, String> resolved = ResolvedVariables.of(surroundings.environment());
        String program = given.others().get(0);
        try {
            return launch.run(given.others(), resolved);
        } catch (IOException e) {
            surroundings.tell(surroundings.program() + ": " + program + " cannot be started: " + OneLine.of(e));
            return isMissing(e) ? Launch.NOT_FOUND : Launch.NOT_EXECUTABLE;
        }
    }

    /** Whether the system found no such file: its error 2, which JDKs up to 24 write in the first way, later ones in the second. */
    static boolean isMissing(IOException failure) {
        String text = String.valueOf(failure.getMessage());
        return text.contains("error=2,") || text.contains("error: 2 ");
    }

    /** Beside a function its failure belongs into the function's log, in the form that the log has. */
    private static int shell(Surroundings surroundings) {
        String lines;
        try {
            lines = ShellLines.of(surroundings.environment(), ResolvedVariables.of(surroundings.environment()));
        } catch (RuntimeException e) {
            if (!ExitCode.isExpected(e) && !(e instanceof IllegalArgumentException)) {
                throw e;
            }
            LOG.error("{}", OneLine.of(e));
            return ExitCode.of(e).number();
        }
        byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
        surroundings.out().write(bytes, 0, bytes.length);
        surroundings.out().flush();
        return ExitCode.OK.number();
    }
}
