package io.github.vaultlambda.benchmarks.report;

/** From figures to places on the picture, beginning with zero; marks stand at round numbers. */
record Axis(double from, double to, double step, double most) {
    /**
     * An axis.
     *
     * @param from where zero is
     * @param to where the last mark is
     * @param largest the largest figure
     */
    static Axis of(double from, double to, double largest) {
        double top = largest > 0 ? largest : 1;
        double power = Math.pow(10, Math.floor(Math.log10(top / 5)));
        double step = power;
        for (double factor : new double[] {2, 5, 10}) {
            if (top / step > 6) {
                step = factor * power;
            }
        }
        return new Axis(from, to, step, Math.ceil(top / step - 1e-9) * step);
    }

    double at(double value) {
        return from + (to - from) * Math.min(value, most) / most;
    }

    int marks() {
        return (int) Math.round(most / step);
    }
}
