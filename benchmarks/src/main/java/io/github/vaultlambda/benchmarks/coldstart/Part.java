package io.github.vaultlambda.benchmarks.coldstart;

import io.github.vaultlambda.benchmarks.programs.PartsProgram;
import java.util.Locale;

/** What {@link PartsProgram} does, in its order. */
enum Part {
    JARS("class path: open the jars"),
    PROVIDER("logging: find the provider"),
    LINE("logging: first line"),
    CONFIGURATION("configuration, session object"),
    JSON("JSON: write, parse"),
    SIGNING("signing, request, answer"),
    CONNECTION("connect, first answer"),
    LOGIN("session: login"),
    STORE("secret store: read, value"),
    TYPED("value in a record"),
    BEAN("value in a bean: Jackson"),
    MANY("the 33rd secret: Caffeine");

    private final String title;

    Part(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** The class whose loading marks the beginning of the part. */
    String marker() {
        String name = name();
        return PartsProgram.class.getName()
                + '$'
                + name.charAt(0)
                + name.substring(1).toLowerCase(Locale.ROOT);
    }
}
