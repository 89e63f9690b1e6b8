package io.tractfs.bench.plan;

/** What a workload's bytes survive when its call returns, the same on both sides. Immutable. */
public enum Durability {
    /** Nothing is written. */
    NONE("-"),
    /** Death of processes: the servers' page cache. HDFS's default; {@code fs.tract.close.sync=false}. */
    PAGE_CACHE("page cache"),
    /** Loss of power: HDFS with {@code dfs.datanode.synconclose=true}, TractFS's default; names on both sides. */
    DISK("disk");

    private final String text;

    Durability(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
