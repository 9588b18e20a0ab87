package io.github.vaultlambda.extension;

import io.github.vaultlambda.extension.cli.CommandLine;
import io.github.vaultlambda.extension.log.ExtensionLog;
import io.github.vaultlambda.extension.log.RequestId;
import io.github.vaultlambda.extension.settings.ProgramName;
import io.github.vaultlambda.log.Log;
import io.github.vaultlambda.log.LogLevel;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The program: without arguments the extension, with arguments the command line. Reads its environment once, here; everything else
 * is told.
 */
public final class ExtensionMain {
    private static final Log LOG = Log.of(ExtensionMain.class);
    /** Whether the end came from within. */
    private static volatile boolean over;

    private ExtensionMain() {}

    /**
     * Runs the extension until Lambda shuts the execution environment down, or a command.
     *
     * <p>Exit code of the extension: 0 after an orderly end, 1 after a failure that a line on standard error names. Those of
     * commands: see {@code --help}.
     */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        String name = ProgramName.of(System.getProperty("vaultlambda.extension.name"));
        RequestId requestId = new RequestId();
        boolean isExtension = arguments.length == 0;
        Log.writeTo(
                ExtensionLog.of(environment, isExtension ? LogLevel.INFO : LogLevel.WARN, name, requestId, System.err));
        if (isExtension) {
            int code = ExtensionRun.run(environment, name, requestId, System.out, new AtSignal());
            over = true;
            System.exit(code);
        }
        System.exit(CommandLine.run(List.of(arguments), environment, name, System.out, System.err));
    }

    /**
     * Lambda ends a process with SIGTERM where there is time for it: the same orderly stop then, and no failure. Classes and not
     * lambdas: the first lambda of a process costs a cold start some 8 ms.
     */
    private static final class AtSignal implements Consumer<Runnable> {
        @Override
        public void accept(Runnable stop) {
            Runtime.getRuntime().addShutdownHook(new Thread(new StopAndLeave(stop), "shutdown"));
        }
    }

    private static final class StopAndLeave implements Runnable {
        private final Runnable stop;

        StopAndLeave(Runnable stop) {
            this.stop = stop;
        }

        @Override
        public void run() {
            if (!over) {
                LOG.info("Received signal, exiting");
                stop.run();
                Runtime.getRuntime().halt(0);
            }
        }
    }
}
