package io.github.vaultlambda.handler.injection;

/** Throws what the method of a user threw, whatever it is: so that Lambda reports that, and nothing around it. */
public final class Thrown {
    private Thrown() {}

    /** Throws it; what is returned, which is never, is for the compiler. */
    public static RuntimeException asItIs(Throwable thrown) {
        return Thrown.<RuntimeException>cast(thrown);
    }

    @SuppressWarnings("unchecked") // no cast when it runs, which is its purpose
    private static <T extends Throwable> RuntimeException cast(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
