package io.github.vaultlambda.handler;

import io.github.vaultlambda.log.Log;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * What the snapshot of a process must not hold, and what it should. Before it is taken: loads what the first use of the handlers'
 * secrets would load, then drops tokens, secrets, credentials and connections of all Vaults that the process uses. After it is
 * restored: logs in for those handlers that want it. Loaded only in a process that is going to be snapshotted. Thread-safe.
 *
 * <p>Lambda's runtime holds resources weakly and tells them apart by {@code equals}: so there is one for the process, held here, and
 * equal to none. It is registered when the first handler is made; hooks that a user registers later run before ours, so that what
 * they read is forgotten as well.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-java.html">AWS: runtime hooks for SnapStart</a>
 */
final class SnapStart implements Resource {
    private static final Log LOG = Log.of(SnapStart.class);
    /** Which classes of the runtime org.crac is to use; set by Lambda's own start of a function, but not by everyone's. */
    private static final String IMPLEMENTATION = "org.crac.Core.Compat";

    private static final String LAMBDA = "com.amazonaws.services.lambda.crac";
    private static final SnapStart OF_PROCESS = new SnapStart();

    private final List<Invocations> handlers = new CopyOnWriteArrayList<>();

    /** Has the hooks called for this handler, too. */
    static void register(Invocations handler) {
        synchronized (OF_PROCESS) {
            if (OF_PROCESS.handlers.isEmpty()) {
                if (System.getProperty(IMPLEMENTATION) == null && isLambda()) {
                    System.setProperty(IMPLEMENTATION, LAMBDA);
                }
                Core.getGlobalContext().register(OF_PROCESS);
            }
            OF_PROCESS.add(handler);
        }
    }

    private static boolean isLambda() {
        try {
            Class.forName(LAMBDA + ".Core", false, ClassLoader.getSystemClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    void add(Invocations handler) {
        handlers.add(handler);
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        for (Invocations handler : handlers) {
            try {
                handler.loadAhead();
            } catch (RuntimeException | LinkageError e) {
                LOG.warn("Not all could be loaded before the snapshot: {}", e.toString());
            }
        }
        for (Invocations handler : handlers) {
            attempt(handler::forget);
        }
        attempt(VaultSecrets::forgetAll);
    }

    private static void attempt(Runnable forgetting) {
        try {
            forgetting.run();
        } catch (RuntimeException e) {
            LOG.warn("Something of Vault may have stayed in the snapshot: {}", e.toString());
        }
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {
        for (Invocations handler : handlers) {
            if (handler.options().restore() == RestorePolicy.LOGIN) {
                try {
                    handler.readAfterRestore();
                } catch (RuntimeException e) {
                    LOG.warn("Logging in after the restore failed; the first invocation tries again: {}", e.toString());
                }
            }
        }
    }
}
