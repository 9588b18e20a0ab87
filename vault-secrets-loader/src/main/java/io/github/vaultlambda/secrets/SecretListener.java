package io.github.vaultlambda.secrets;

/**
 * Is told when Vault gives another value than before, so that what was made with the old one can be replaced, such as a pool of
 * connections. Told in the thread that read the new value: that of a caller of {@link Secret#get()}, or one in the background
 * while the old value still serves. What a listener throws is logged and otherwise ignored: the new value comes all the same.
 * Implementations are thread-safe; of one secret they are told one change after the other.
 *
 * @param <T> the type of the secret's values
 */
@FunctionalInterface
public interface SecretListener<T> {
    /**
     * The new value is there, but nobody has it yet: {@link Secret#get()} still gives the old one, and gives the new one only when
     * all listeners are back from here. The place to make something ready for it.
     */
    default void rotating(SecretChange<T> change) {}

    /** From now on {@link Secret#get()} gives the new value. The place to let go of what was made with the old one. */
    void rotated(SecretChange<T> change);
}
