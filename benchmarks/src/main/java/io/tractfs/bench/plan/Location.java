package io.tractfs.bench.plan;

/** Where a reader is. Immutable. */
public enum Location {
    /** It makes no difference to the workload. */
    ANYWHERE("-"),
    /** All bytes come over TCP. */
    REMOTE("remote"),
    /** On the host of a member, with what the side has for that: HDFS with short-circuit reads. */
    LOCAL("local");

    private final String text;

    Location(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
