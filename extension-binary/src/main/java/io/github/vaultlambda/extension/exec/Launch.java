package io.github.vaultlambda.extension.exec;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A way to start a program. */
public interface Launch {
    /** What shells say when the program cannot be executed. */
    int NOT_EXECUTABLE = 126;
    /** What shells say when there is no such program. */
    int NOT_FOUND = 127;

    /** The best that this process is able to: in a native image to make way for the program. */
    static Launch ofThisProcess() {
        boolean image = "runtime".equals(System.getProperty("org.graalvm.nativeimage.imagecode"));
        return image ? new Replacement() : new ChildProcess();
    }

    /**
     * Runs the program to its end, with this process's input and output.
     *
     * @param command the program and its arguments, which it gets as they are; not empty
     * @param environment all its variables
     * @return if there is still somebody to return to: its exit code, that of a shell when a signal ended it: 128 and the signal's number
     * @throws IOException when it cannot be started
     */
    int run(List<String> command, Map<String, String> environment) throws IOException;
}
