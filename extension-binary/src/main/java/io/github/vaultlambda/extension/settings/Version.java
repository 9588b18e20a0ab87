package io.github.vaultlambda.extension.settings;

import java.lang.module.ModuleDescriptor;

/** The version of this program. */
public final class Version {
    private static final String DEVELOPMENT = "(development)";

    private Version() {}

    /** As the jar's manifest says, or the module where there is no jar; {@code (development)} without both. */
    public static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        if (version != null) {
            return version;
        }
        ModuleDescriptor module = Version.class.getModule().getDescriptor();
        return module == null ? DEVELOPMENT : module.rawVersion().orElse(DEVELOPMENT);
    }
}
