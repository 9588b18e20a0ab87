package io.github.vaultlambda.extension.settings;

/** The version of this program. */
public final class Version {
    /** A field, so that a native image, which has no manifest, can keep what it was when the image was built. */
    private static final String TEXT = ofManifest();

    private Version() {}

    /** As the jar's manifest says; {@code (development)} without one. */
    public static String text() {
        return TEXT;
    }

    private static String ofManifest() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(development)" : version;
    }
}
