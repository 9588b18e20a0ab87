package io.github.vaultlambda.log;

/** How much a line matters, from the least to the most. */
public enum LogLevel {
    /** What helps to find a fault. */
    DEBUG,
    /** What an operator may want to know. */
    INFO,
    /** What an operator should look at. */
    WARN,
    /** What keeps the program from doing what it is for. */
    ERROR
}
