package io.tractfs.bench.plan;

/**
 * A workload with all that it depends on; both sides run it in turns. Immutable.
 *
 * @param family the workload
 * @param threads threads of the client
 * @param replication copies of the data, 0 where there is none
 * @param location where the client is
 * @param durability what written bytes survive
 */
public record Case(Family family, int threads, int replication, Location location, Durability durability) {
    /** Whether the servers must sync at close for it: HDFS says so per DataNode, so such cases need other servers. */
    public boolean needsSyncOnClose() {
        return family.durableByClose() && durability == Durability.DISK;
    }

    /** What to show while it runs. */
    public String title() {
        return family.word() + ", threads " + threads
                + (replication == 0 ? "" : ", replication " + replication)
                + (location == Location.ANYWHERE ? "" : ", " + location)
                + (durability == Durability.NONE ? "" : ", " + durability);
    }

    /** Rounds' worth of time of its stages together. */
    public double weight() {
        return family.stages().stream().mapToDouble(Stage::share).sum();
    }
}
