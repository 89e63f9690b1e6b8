package io.tractfs.bench.plan;

import java.util.Map;
import java.util.OptionalDouble;

/** The ratio to HDFS that each row is to reach, with 3 copies. Immutable. */
public final class Goals {
    private static final Map<String, Double> GOALS = Map.ofEntries(
            Map.entry("write 1", 2.0),
            Map.entry("write 4", 2.5),
            Map.entry("read 1 remote", 1.3),
            Map.entry("read 4 remote", 1.3),
            Map.entry("read 1 local", 1.5),
            Map.entry("read 4 local", 1.5),
            Map.entry("pread 4 KiB 1 remote", 4.0),
            Map.entry("pread 4 KiB 8 remote", 5.0),
            Map.entry("pread 4 KiB 1 local", 30.0),
            Map.entry("pread 4 KiB 8 local", 30.0),
            Map.entry("pread 64 KiB 1 remote", 2.5),
            Map.entry("pread 64 KiB 8 remote", 3.0),
            Map.entry("pread 64 KiB 1 local", 10.0),
            Map.entry("pread 64 KiB 8 local", 10.0),
            Map.entry("create 1", 3.0),
            Map.entry("create 8", 6.0),
            Map.entry("create 32", 10.0),
            Map.entry("create 4 KiB 1", 20.0),
            Map.entry("create 4 KiB 8", 30.0),
            Map.entry("create 4 KiB 32", 40.0),
            Map.entry("open+read 4 KiB 1 remote", 4.0),
            Map.entry("open+read 4 KiB 8 remote", 5.0),
            Map.entry("stat 1", 3.0),
            Map.entry("stat 8", 3.0),
            Map.entry("stat 32", 4.0),
            Map.entry("list 10,000 1", 3.0),
            Map.entry("rename 1", 1.0),
            Map.entry("rename 8", 1.5),
            Map.entry("mkdirs 1", 1.0),
            Map.entry("mkdirs 8", 1.5),
            Map.entry("delete 1", 1.0),
            Map.entry("delete 8", 1.5),
            Map.entry("hflush 128 B 1", 3.0),
            Map.entry("hflush 128 B 8", 4.0),
            Map.entry("hsync 128 B 1", 1.5),
            Map.entry("hsync 128 B 8", 3.0));

    private Goals() {}

    /** The goal of a row, if one is set; small files have theirs with sync at close. */
    public static OptionalDouble of(Stage stage, Case one) {
        boolean other = one.replication() != 0 && one.replication() != 3;
        if (other || (one.family() == Family.CREATE_4K && one.durability() != Durability.DISK)) {
            return OptionalDouble.empty();
        }
        String where = one.location() == Location.ANYWHERE ? "" : " " + one.location();
        Double goal = GOALS.get(stage.name() + " " + one.threads() + where);
        return goal == null ? OptionalDouble.empty() : OptionalDouble.of(goal);
    }
}
