package io.github.vaultlambda.extension.cli;

import java.util.List;

/** One command. */
interface Command {
    /** Its name on the command line. */
    String name();

    /** What it does, in half a line. */
    String summary();

    /** What {@code --help} says, without the exit codes. */
    String help();

    /**
     * Does it.
     *
     * @param arguments what stands behind the command's name
     * @return the exit code
     * @throws UsageException when the arguments are wrong
     * @throws RuntimeException as {@link ExitCode#of} sorts them
     */
    int run(List<String> arguments, Surroundings surroundings) throws UsageException;
}
