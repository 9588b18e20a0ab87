package io.github.vaultlambda.secrets;

/** A value does not fit a type. Says where and why, never which value; on its way to be a {@link SecretFormatException}. */
final class Misfit extends Exception {
    private static final long serialVersionUID = 1;

    private final String place;
    private final String why;

    /** At the value itself; {@code why} goes on after its name, such as {@code is no Integer}. */
    Misfit(String why) {
        this("", why);
    }

    private Misfit(String place, String why) {
        super(why, null, false, false);
        this.place = place;
        this.why = why;
    }

    /** The same, seen from the object or list that the value stands in. */
    Misfit within(String name) {
        return new Misfit(place.isEmpty() ? name : place.startsWith("[") ? name + place : name + "." + place, why);
    }

    /** What to say of the whole that should have been of this type. */
    String of(Class<?> type) {
        return place.isEmpty() ? why : "does not fit " + type.getName() + ": " + place + " " + why;
    }
}
