package io.github.vaultlambda.benchmarks.fleet;

/** One execution environment of a function. Each of its methods may wait; an environment does one thing at a time, as in Lambda. */
interface Environment {
    /** What a failed invocation gave. */
    int FAILED = -1;

    /** One invocation, which uses the secret: the version that it was given, or {@link #FAILED}. */
    int invoke();

    /** What the environment does when the invocation has been answered, before it takes the next one. */
    void afterwards();
}
