package io.github.vaultlambda.extension.settings;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the extension does for the function. */
public enum RunMode {
    /** Secret files and the proxy. */
    DEFAULT(true, true),
    /** Secret files only. */
    FILE(true, false),
    /** The proxy only. */
    PROXY(false, true);

    private final boolean writesFiles;
    private final boolean servesProxy;

    RunMode(boolean writesFiles, boolean servesProxy) {
        this.writesFiles = writesFiles;
        this.servesProxy = servesProxy;
    }

    /** The mode of that name in any case; {@link #DEFAULT} for every other text, and for null. */
    public static RunMode of(@Nullable String name) {
        return switch (name == null ? "" : name.strip().toLowerCase(Locale.ROOT)) {
            case "file" -> FILE;
            case "proxy" -> PROXY;
            default -> DEFAULT;
        };
    }

    /** Whether secrets are written to files at start-up. */
    public boolean writesFiles() {
        return writesFiles;
    }

    /** Whether the proxy listens. */
    public boolean servesProxy() {
        return servesProxy;
    }
}
