package io.github.vaultlambda.handler.entry;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.handler.FailurePolicy;
import io.github.vaultlambda.handler.HandlerEnvironment;
import io.github.vaultlambda.handler.HandlerOptions;
import io.github.vaultlambda.handler.HandlerSetupException;
import io.github.vaultlambda.handler.Invocation;
import io.github.vaultlambda.handler.Invocations;
import io.github.vaultlambda.log.Log;
import io.github.vaultlambda.secrets.SecretSettings;
import io.github.vaultlambda.secrets.VaultSecrets;
import io.github.vaultlambda.secrets.files.SecretFile;
import io.github.vaultlambda.secrets.files.SecretFileSettings;
import io.github.vaultlambda.secrets.files.SecretFilesException;
import io.github.vaultlambda.secrets.variables.SecretVariablesException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the handler of a jar that cannot be changed: this class is the function's handler setting, and {@code
 * VAULT_LAMBDA_HANDLER} names the handler itself, in the same words as the setting did.
 *
 * <pre>
 * Handler:               io.github.vaultlambda.handler.entry.VaultEntryHandler
 * VAULT_LAMBDA_HANDLER   com.example.Orders::handle
 * DB_PASSWORD            vault:secret/data/orders/db#password
 * </pre>
 *
 * <p>Variables that refer to secrets become system properties before the class of the handler is initialised, and follow their
 * secrets before each invocation: {@code DB_PASSWORD} is the property {@code DB_PASSWORD} and, unless there is one already, {@code
 * db.password}. A process cannot change its environment, so {@code System.getenv} still gives the reference; who needs it there uses
 * the extension's wrapper script. With {@code VAULT_LAMBDA_HANDLER_FILES=true} the files of {@code VAULT_SECRET_PATH} and its like
 * are written as well, as the extension does it.
 *
 * <p>The handler is loaded and called as Lambda's runtime does it: all forms of handlers and methods, AWS's event types, a {@code
 * CustomPojoSerializer}. With SnapStart it is loaded after the restore, because its secrets are there only then; {@code
 * VAULT_LAMBDA_HANDLER_BEFORE_SNAPSHOT=true} loads it before, without them. Thread-safe as far as the handler is.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/java-handler.html">AWS: handler in Java</a>
 */
public final class VaultEntryHandler implements RequestStreamHandler {
    private static final Log LOG = Log.of(VaultEntryHandler.class);
    static final String HANDLER = "VAULT_LAMBDA_HANDLER";
    private static final String FILES = "VAULT_LAMBDA_HANDLER_FILES";
    private static final String BEFORE_SNAPSHOT = "VAULT_LAMBDA_HANDLER_BEFORE_SNAPSHOT";

    private final String setting;
    private final ClassLoader loader;
    private final SecretDelivery delivery;
    private final Invocations invocations;
    private final Object loading = new Object();
    private volatile @Nullable RequestStreamHandler handler;

    /**
     * For Lambda.
     *
     * @throws io.github.vaultlambda.config.VaultConfigException when the variables have faults
     * @throws HandlerSetupException when there is no such handler, or its secrets cannot be had
     */
    public VaultEntryHandler() {
        this(HandlerEnvironment.variables(), null, Thread.currentThread().getContextClassLoader());
    }

    /** With these variables; {@code null} for the Vault that the process's own variables name. */
    VaultEntryHandler(Map<String, String> environment, @Nullable VaultSecrets given, @Nullable ClassLoader loader) {
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        HandlerOptions options = HandlerOptions.read(settings);
        this.setting = settings.requiredText(
                HANDLER, "set it to what the function's handler setting was, such as com.example.Orders::handle");
        boolean early = settings.flag(BEFORE_SNAPSHOT, false);
        List<SecretFile> files = settings.flag(FILES, false)
                ? SecretFileSettings.read(settings, SecretSettings.options(settings))
                : List.of();
        VaultSecrets vault = given == null ? HandlerEnvironment.vault(settings) : given;
        settings.rejectFaults();
        this.loader = loader == null ? VaultEntryHandler.class.getClassLoader() : loader;
        SecretProperties properties = SecretProperties.of(vault, environment);
        this.delivery = new SecretDelivery(properties, vault, files);
        boolean snapshotted = HandlerEnvironment.isSnapshotted(environment);
        // The properties read what they need, all in one.
        this.invocations = Invocations.of(vault, options.withPrefetch(false), properties.secrets(), environment);
        invocations.beforeSnapshot(delivery::forget);
        if (!snapshotted) {
            publishFirst(options);
        }
        if (!snapshotted || early) {
            handler();
        }
    }

    private void publishFirst(HandlerOptions options) {
        try {
            delivery.deliver();
        } catch (VaultException | SecretVariablesException | SecretFilesException e) {
            if (options.onFailure() == FailurePolicy.FAIL) {
                throw new HandlerSetupException("The secrets for " + setting + " cannot be had: " + e.getMessage());
            }
            LOG.warn("{} is loaded without its secrets: {}", setting, e.getMessage());
        }
    }

    private RequestStreamHandler handler() {
        RequestStreamHandler known = handler;
        if (known == null) {
            synchronized (loading) {
                known = handler;
                if (known == null) {
                    known = HandlerLoader.load(setting, loader);
                    handler = known;
                }
            }
        }
        return known;
    }

    /** Sees that the secrets are fresh, then calls the handler. */
    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Invocation invocation = invocations.begin(context);
        try {
            try {
                delivery.deliver();
                invocations.succeeded();
            } catch (VaultException | SecretVariablesException | SecretFilesException e) {
                invocations.failed(e);
            }
            handler().handleRequest(input, output, context);
        } finally {
            invocation.end();
        }
    }
}
