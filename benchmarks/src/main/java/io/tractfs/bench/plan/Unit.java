package io.tractfs.bench.plan;

/** What a rate counts. Immutable. */
public enum Unit {
    /** Bytes; the rate is shown in 10⁶ a second, costs are per MiB. */
    BYTES("MB/s", "MiB", 1e6, 1 << 20),
    /** Calls. */
    OPERATIONS("/s", "op", 1, 1),
    /** Entries of a directory; costs are per thousand. */
    ENTRIES("entries/s", "1000 entries", 1, 1000);

    private final String rate;
    private final String portion;
    private final double rateScale;
    private final double portionSize;

    Unit(String rate, String portion, double rateScale, double portionSize) {
        this.rate = rate;
        this.portion = portion;
        this.rateScale = rateScale;
        this.portionSize = portionSize;
    }

    /** How a rate is labelled. */
    public String rate() {
        return rate;
    }

    /** What a cost is per. */
    public String portion() {
        return portion;
    }

    /** Amount per second as a rate in this unit. */
    public double rateOf(double amountPerSecond) {
        return amountPerSecond / rateScale;
    }

    /** A total as cost per portion. */
    public double perPortion(double total, double amount) {
        return amount == 0 ? 0 : total * portionSize / amount;
    }
}
