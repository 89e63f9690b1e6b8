package io.tractfs.bench.plan;

import java.util.List;
import java.util.Locale;

/** The workloads. Some have several stages, each a row: what one makes the next needs. Immutable. */
@SuppressWarnings("ImmutableEnumChecker") // The lists are unmodifiable.
public enum Family {
    /** Sequential writes of large files. */
    WRITE(List.of(1, 4), true, List.of(Location.ANYWHERE), List.of(new Stage("write", Unit.BYTES, 1))),
    /** Sequential reads of large files. */
    READ(List.of(1, 4), true, List.of(Location.REMOTE, Location.LOCAL), List.of(new Stage("read", Unit.BYTES, 1))),
    /** Positioned reads of 4 KiB. */
    PREAD_4K(
            List.of(1, 8),
            true,
            List.of(Location.REMOTE, Location.LOCAL),
            List.of(new Stage("pread 4 KiB", Unit.OPERATIONS, 1))),
    /** Positioned reads of 64 KiB. */
    PREAD_64K(
            List.of(1, 8),
            true,
            List.of(Location.REMOTE, Location.LOCAL),
            List.of(new Stage("pread 64 KiB", Unit.OPERATIONS, 1))),
    /** Empty files made, renamed and deleted, and directories made. */
    NAMESPACE(
            List.of(1, 8, 32),
            false,
            List.of(Location.ANYWHERE),
            List.of(
                    new Stage("create", Unit.OPERATIONS, 1),
                    new Stage("rename", Unit.OPERATIONS, 0.6),
                    new Stage("mkdirs", Unit.OPERATIONS, 0.6),
                    new Stage("delete", Unit.OPERATIONS, 0.6))),
    /** Files of 4 KiB made. */
    CREATE_4K(
            List.of(1, 8, 32),
            true,
            List.of(Location.ANYWHERE),
            List.of(new Stage("create 4 KiB", Unit.OPERATIONS, 1))),
    /** Files of 4 KiB opened, read, closed. */
    OPEN_4K(List.of(1, 8), true, List.of(Location.REMOTE), List.of(new Stage("open+read 4 KiB", Unit.OPERATIONS, 1))),
    /** Status of files. */
    STAT(List.of(1, 8, 32), false, List.of(Location.ANYWHERE), List.of(new Stage("stat", Unit.OPERATIONS, 1))),
    /** Listing of a directory of 10,000 files. */
    LIST(List.of(1), false, List.of(Location.ANYWHERE), List.of(new Stage("list 10,000", Unit.ENTRIES, 1))),
    /** 128 bytes written and flushed to all members. */
    HFLUSH(List.of(1, 8), true, List.of(Location.ANYWHERE), List.of(new Stage("hflush 128 B", Unit.OPERATIONS, 1))),
    /** 128 bytes written and synced on all members. */
    HSYNC(List.of(1, 8), true, List.of(Location.ANYWHERE), List.of(new Stage("hsync 128 B", Unit.OPERATIONS, 1)));

    private final List<Integer> threads;
    private final boolean replicated;
    private final List<Location> locations;
    private final List<Stage> stages;

    Family(List<Integer> threads, boolean replicated, List<Location> locations, List<Stage> stages) {
        this.threads = threads;
        this.replicated = replicated;
        this.locations = locations;
        this.stages = stages;
    }

    /** Name on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Numbers of threads that it is run with. */
    public List<Integer> threads() {
        return threads;
    }

    /** Whether the number of copies makes a difference. */
    public boolean replicated() {
        return replicated;
    }

    /** Whether it only reads data, whose number of copies hardly matters. */
    public boolean readsData() {
        return switch (this) {
            case READ, PREAD_4K, PREAD_64K, OPEN_4K -> true;
            case WRITE, NAMESPACE, CREATE_4K, STAT, LIST, HFLUSH, HSYNC -> false;
        };
    }

    /** Where its client is. */
    public List<Location> locations() {
        return locations;
    }

    /** Its rows, in the order in which they run. */
    public List<Stage> stages() {
        return stages;
    }

    /** What its rows say of durability, strongest last. */
    public List<Durability> durabilities(boolean all) {
        return switch (this) {
            case WRITE -> all ? List.of(Durability.PAGE_CACHE, Durability.DISK) : List.of(Durability.PAGE_CACHE);
            case CREATE_4K -> List.of(Durability.PAGE_CACHE, Durability.DISK);
            case HFLUSH -> List.of(Durability.PAGE_CACHE);
            case NAMESPACE, HSYNC -> List.of(Durability.DISK);
            case READ, PREAD_4K, PREAD_64K, OPEN_4K, STAT, LIST -> List.of(Durability.NONE);
        };
    }

    /** Whether closing a file is what makes its bytes durable. */
    public boolean durableByClose() {
        return this == WRITE || this == CREATE_4K;
    }
}
