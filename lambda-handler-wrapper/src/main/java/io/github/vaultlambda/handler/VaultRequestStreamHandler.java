package io.github.vaultlambda.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Base class of a stream handler whose fields marked with {@link VaultSecret} have their current values whenever
 * {@link #handle} is called. The name of the subclass is the function's handler setting.
 */
public abstract class VaultRequestStreamHandler implements RequestStreamHandler {
    private final Decoration decoration;

    /**
     * Configured by the variables of this process.
     *
     * @throws io.github.vaultlambda.config.VaultConfigException when they have faults
     * @throws IllegalArgumentException when an annotated field cannot be used
     */
    protected VaultRequestStreamHandler() {
        this.decoration = Decoration.of(this, VaultSecrets.fromEnvironment());
    }

    /** With secrets from anywhere, for tests. */
    protected VaultRequestStreamHandler(VaultSecrets vault) {
        this.decoration = Decoration.of(this, vault);
    }

    /** Handles one invocation. */
    protected abstract void handle(InputStream input, OutputStream output, Context context) throws IOException;

    /** Fills the fields, then calls {@link #handle}. */
    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        AnnotatedHandler.Turn<?> turn = decoration.begin(context);
        try {
            handle(input, output, context);
        } finally {
            turn.end();
        }
    }
}
