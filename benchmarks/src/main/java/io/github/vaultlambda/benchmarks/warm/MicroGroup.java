package io.github.vaultlambda.benchmarks.warm;

import java.util.Locale;

/** JMH benchmarks whose figures stand side by side, and the one that the others are compared with. */
public enum MicroGroup {
    READS(WarmReadBenchmark.class, "a secret or the token, when nothing has to be fetched", "clock"),
    INVOCATIONS(WarmInvocationBenchmark.class, "an invocation whose secrets are fresh", "bare"),
    SIGNER(SignerBenchmark.class, "a whole login without a network", "loginWithSdkSigner"),
    PROXY(ProxyReadBenchmark.class, "a read from the proxy's cache, with its round trip", "loopbackAlone");

    private final Class<?> benchmark;
    private final String title;
    private final String base;

    MicroGroup(Class<?> benchmark, String title, String base) {
        this.benchmark = benchmark;
        this.title = title;
        this.base = base;
    }

    Class<?> benchmark() {
        return benchmark;
    }

    String title() {
        return title;
    }

    /** What the others are compared with. */
    String base() {
        return label(base);
    }

    /** A method's name as words. */
    static String label(String method) {
        return method.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }
}
