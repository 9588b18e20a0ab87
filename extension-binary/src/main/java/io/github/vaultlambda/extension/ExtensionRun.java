package io.github.vaultlambda.extension;

import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.extension.log.RequestId;
import io.github.vaultlambda.extension.settings.EnvironmentKind;
import io.github.vaultlambda.extension.settings.RuntimeApi;
import io.github.vaultlambda.extension.settings.Version;
import io.github.vaultlambda.log.Log;
import java.io.PrintStream;
import java.net.URI;
import java.util.Map;
import java.util.function.Consumer;

/** An extension as this environment says, from its start to its end. */
final class ExtensionRun {
    private static final Log LOG = Log.of(ExtensionRun.class);

    private ExtensionRun() {}

    /**
     * Runs it.
     *
     * @param name the file name under which it registers
     * @param requestId is told which invocation runs
     * @param out where lines of metrics go
     * @param atEnd takes what has to be done when the process is told to end
     * @return the exit code
     */
    static int run(
            Map<String, String> environment,
            String name,
            RequestId requestId,
            PrintStream out,
            Consumer<Runnable> atEnd) {
        LOG.info("Starting Vault Lambda Extension {}", Version.text());
        ExtensionConfig config;
        try {
            config = ExtensionConfig.fromEnvironment(environment);
        } catch (VaultConfigException e) {
            reject(environment, name, e);
            return 1;
        }
        Extension extension = new Extension(config, name, requestId, out);
        atEnd.accept(new Stop(extension));
        return extension.run();
    }

    private static void reject(Map<String, String> environment, String name, VaultConfigException faults) {
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        URI lambda = RuntimeApi.find(settings);
        FailureReport report = new FailureReport(
                new ExtensionsApi(lambda == null ? URI.create("http://missing.invalid") : lambda, name),
                EnvironmentKind.of(settings));
        report.log(faults);
        if (lambda != null) {
            report.report(faults, false);
        }
    }

    /** A class and not a lambda: the first lambda of a process costs a cold start some 8 ms. */
    private static final class Stop implements Runnable {
        private final Extension extension;

        Stop(Extension extension) {
            this.extension = extension;
        }

        @Override
        public void run() {
            extension.stop(TimeLeft.LONGEST_STOP);
        }
    }
}
