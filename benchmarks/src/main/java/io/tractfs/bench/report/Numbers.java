package io.tractfs.bench.report;

import java.util.Locale;

/** Numbers as people read them. Stateless, thread-safe. */
final class Numbers {
    private static final double MANY = 100;
    private static final double SOME = 10;

    private Numbers() {}

    /** About three digits, thousands apart; infinite is what never came. */
    static String of(double number) {
        if (Double.isInfinite(number)) {
            return "failed";
        }
        if (number >= MANY) {
            return String.format(Locale.ROOT, "%,.0f", number);
        }
        return String.format(Locale.ROOT, number >= SOME ? "%.1f" : "%.2f", number);
    }

    /** A ratio, with a sign that tells it from a rate. */
    static String ratio(double ratio) {
        return String.format(Locale.ROOT, ratio >= SOME ? "%.1f×" : "%.2f×", ratio);
    }
}
