package io.tractfs.differential;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.permission.FsAction;

/**
 * Makes operations from a seed: few names and few slots, so that operations meet; now and then something odd. Each seed
 * has a leaning of its own, to names, to attributes or to bytes. Not thread-safe.
 */
final class OperationGenerator {
    private static final int SLOTS = 3;
    private static final int MOST_DEPTH = 3;
    /** In one of how many seeds a client falls asleep; 0 for none, since such a run waits. */
    private static final int SEEDS_PER_SLEEPER = Integer.getInteger("differential.sleeper.every", 0);

    private static final int[] COUNTS = {
        0, 1, 7, 511, 512, 513, 4_096, 65_535, 65_536, 65_537, 100_000, 131_072, 300_001
    };
    private static final int[] MODES = {
        0777, 0755, 0750, 0700, 0644, 0640, 0600, 0444, 0000, 01777, 01755, 0711, 0733, 0770, 0555, 0311, 0007, 0070
    };
    private static final long[] BLOCK_SIZES = {0, 0, 0, 65_536, 131_072, 1_048_576, 512, 1_024, 33_280};
    private static final int[] REPLICATIONS = {0, 0, 0, 0, 1, 2, 3, 4, 10, 512, 513};
    private static final String[] USERS = {"alice", "bob", "dave", "carol", "nobody", "root"};
    private static final String[] GROUPS = {"alice", "staff", "team", "bob", "guests", "supergroup", "none"};

    private final Random random;
    private final Leaning leaning;
    private final List<String> names;
    /** Whether files get blocks in HDFS that TractFS, whose blocks are logical, does not have. */
    private final boolean blocksPart;

    /** Where the sleeper falls asleep and where it wakes; never, in most seeds. */
    private int sleepAt = Integer.MAX_VALUE;

    private int wakeAt = Integer.MAX_VALUE;
    private boolean sleeperIsThere;
    private final List<String> sleepersFiles = new ArrayList<>();

    /** Operations of a seed. */
    OperationGenerator(long seed) {
        random = new Random(seed);
        leaning = pick(Leaning.values());
        names = names();
        blocksPart = chance(3);
        if (isSleepy(seed)) {
            sleepAt = 12 + random.nextInt(16);
            wakeAt = chance(2) ? sleepAt + 20 : Integer.MAX_VALUE;
        }
    }

    /** Whether a client stops renewing its leases in the run of a seed; such runs wait for its soft limit. */
    static boolean isSleepy(long seed) {
        return SEEDS_PER_SLEEPER > 0 && new Random(~seed).nextInt(SEEDS_PER_SLEEPER) == 0;
    }

    /** What a seed does most. */
    private enum Leaning {
        NAMES(6, 2, 3, 3),
        ATTRIBUTES(4, 6, 3, 2),
        BYTES(2, 1, 8, 3),
        ALL(3, 3, 5, 4);

        private final int trees;
        private final int attributes;
        private final int streams;
        private final int queries;

        Leaning(int trees, int attributes, int streams, int queries) {
            this.trees = trees;
            this.attributes = attributes;
            this.streams = streams;
            this.queries = queries;
        }
    }

    /** The next operations. */
    List<Operation> operations(int count) {
        List<Operation> operations = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sleeperIsThere = (i < sleepAt && sleepAt < count) || i > wakeAt;
            operations.add(
                    i == sleepAt
                            ? new SleepOperation.FallAsleep()
                            : i == wakeAt ? new SleepOperation.Wake() : sleepAt < count ? around(i) : operation());
        }
        return operations;
    }

    /** In a run with a sleeper many operations are its own, and later many meet its files. */
    private Operation around(int at) {
        if (sleeperIsThere && chance(2)) {
            return sleepers();
        }
        return at > sleepAt && at < wakeAt && !sleepersFiles.isEmpty() && chance(2) ? taking() : operation();
    }

    private Operation sleepers() {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> sleepersCreate();
            case 3 -> new StreamOperation.Append(Actor.SLEEPER, path(), sleepersSlot(), false);
            case 4, 5, 6 -> new StreamOperation.Write(sleepersSlot(), count(), random.nextLong());
            default ->
                chance(2)
                        ? new StreamOperation.Close(sleepersSlot())
                        : new StreamOperation.Flush(sleepersSlot(), false);
        };
    }

    private Operation sleepersCreate() {
        StreamOperation.Way way =
                chance(2) ? StreamOperation.Way.FILE_SYSTEM : StreamOperation.Way.CONTEXT_WITH_PARENTS;
        String path = pathToMake();
        sleepersFiles.add(path);
        return new StreamOperation.Create(
                Actor.SLEEPER,
                path,
                sleepersSlot(),
                way,
                EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE),
                0666,
                0,
                chance(2) ? 0 : pick(BLOCK_SIZES));
    }

    /** Slots that nobody else writes to. */
    private int sleepersSlot() {
        return SLOTS + random.nextInt(2);
    }

    /** What meets a file of the sleeper's. */
    private Operation taking() {
        String path = pick(sleepersFiles);
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> new StreamOperation.Append(actor(), path, slot(), false);
            case 3 ->
                new StreamOperation.Create(
                        actor(),
                        path,
                        slot(),
                        StreamOperation.Way.FILE_SYSTEM,
                        EnumSet.of(CreateFlag.CREATE),
                        -1,
                        0,
                        0);
            case 4 ->
                new StreamOperation.Create(
                        actor(),
                        path,
                        slot(),
                        StreamOperation.Way.CONTEXT,
                        EnumSet.of(CreateFlag.CREATE, CreateFlag.APPEND),
                        -1,
                        0,
                        0);
            case 5, 6 -> new TreeOperation.Truncate(actor(), path, position());
            case 7 -> new TreeOperation.RecoverLease(actor(), path);
            case 8 -> new TreeOperation.Move(actor(), path, path());
            default -> new QueryOperation.IsClosed(actor(), path);
        };
    }

    private Operation operation() {
        int at = random.nextInt(leaning.trees + leaning.attributes + leaning.streams + leaning.queries);
        if (at < leaning.trees) {
            return tree();
        }
        if (at < leaning.trees + leaning.attributes) {
            return attribute();
        }
        return at < leaning.trees + leaning.attributes + leaning.streams ? stream() : query();
    }

    private Operation tree() {
        return switch (random.nextInt(blocksPart ? 14 : 12)) {
            case 0, 1, 2 ->
                new TreeOperation.MakeDirectory(
                        actor(),
                        pathToMake(),
                        chance(2) ? -1 : mode(),
                        chance(3)
                                ? pick(TreeOperation.MakeDirectory.Way.values())
                                : TreeOperation.MakeDirectory.Way.FILE_SYSTEM);
            case 3, 4, 5 -> new TreeOperation.Move(actor(), path(), path());
            case 6, 7 -> new TreeOperation.MoveStrictly(actor(), path(), path(), chance(2));
            case 8, 9 -> new TreeOperation.Delete(actor(), path(), chance(2), chance(4));
            case 10 -> new TreeOperation.CreateEmpty(actor(), pathToMake());
            case 11 -> chance(2) ? new TreeOperation.Truncate(actor(), path(), position()) : recover();
            default -> concatenate();
        };
    }

    /** Sources are mostly in the directory of the target, where they have to be. */
    private Operation concatenate() {
        String target = path();
        String directory = target.substring(0, target.lastIndexOf('/') + 1);
        List<String> sources = new ArrayList<>();
        for (int i = chance(10) ? 0 : 1 + random.nextInt(2); i > 0; i--) {
            sources.add(chance(6) ? path() : directory + pick(names));
        }
        return new TreeOperation.Concatenate(actor(), target, sources);
    }

    private Operation recover() {
        return new TreeOperation.RecoverLease(actor(), path());
    }

    private Operation attribute() {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> new AttributeOperation.SetPermission(actor(), path(), mode());
            case 3, 4 ->
                new AttributeOperation.SetOwner(
                        chance(2) ? Actor.SUPERUSER : actor(),
                        path(),
                        chance(2) ? Optional.of(pick(USERS)) : Optional.empty(),
                        chance(2) ? Optional.of(pick(GROUPS)) : Optional.empty());
            case 5, 6 -> new AttributeOperation.SetTimes(actor(), path(), time(), time());
            default -> new AttributeOperation.SetReplication(actor(), path(), pick(REPLICATIONS));
        };
    }

    private long time() {
        return switch (random.nextInt(6)) {
            case 0, 1 -> -1;
            case 2 -> 0;
            case 3 -> -2;
            default -> random.nextInt(1_000_000);
        };
    }

    private Operation stream() {
        return switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> create();
            case 4, 5 -> new StreamOperation.Append(actor(), path(), slot(), blocksPart && chance(3));
            case 6, 7, 8, 9, 10 -> new StreamOperation.Write(slot(), count(), random.nextLong());
            case 11, 12 -> new StreamOperation.Flush(slot(), chance(4));
            case 13, 14 -> new StreamOperation.Close(slot());
            default -> chance(3) ? new StreamOperation.Leave(slot()) : truncateOrRecover();
        };
    }

    private Operation truncateOrRecover() {
        return chance(2) ? recover() : new TreeOperation.Truncate(actor(), path(), position());
    }

    private Operation create() {
        StreamOperation.Way way = chance(2) ? StreamOperation.Way.FILE_SYSTEM : pick(StreamOperation.Way.values());
        return new StreamOperation.Create(
                actor(),
                pathToMake(),
                slot(),
                way,
                flags(way),
                chance(2) ? -1 : mode(),
                pick(REPLICATIONS),
                chance(2) ? 0 : pick(BLOCK_SIZES));
    }

    /** HDFS ignores the flag to append but in {@code FileContext}. */
    private Set<CreateFlag> flags(StreamOperation.Way way) {
        boolean context = way == StreamOperation.Way.CONTEXT || way == StreamOperation.Way.CONTEXT_WITH_PARENTS;
        return switch (random.nextInt(context ? 12 : 10)) {
            case 0, 1, 2, 3, 4 -> EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE);
            case 5, 6, 7 -> EnumSet.of(CreateFlag.CREATE);
            case 8 -> EnumSet.of(CreateFlag.OVERWRITE);
            case 9 -> EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE, CreateFlag.SYNC_BLOCK);
            case 10 ->
                blocksPart
                        ? EnumSet.of(CreateFlag.CREATE, CreateFlag.APPEND, CreateFlag.NEW_BLOCK)
                        : EnumSet.of(CreateFlag.CREATE, CreateFlag.APPEND);
            default -> EnumSet.of(CreateFlag.APPEND);
        };
    }

    private Operation query() {
        return switch (random.nextInt(16)) {
            case 0, 1 -> new QueryOperation.Status(actor(), path(), chance(3));
            case 2, 3 -> new QueryOperation.List(actor(), pathOrTop(), pick(QueryOperation.Kind.values()));
            case 4 -> new QueryOperation.Glob(actor(), pattern());
            case 5 -> new QueryOperation.Summary(actor(), pathOrTop());
            case 6 -> new QueryOperation.Access(actor(), path(), pick(FsAction.values()));
            case 7 -> new QueryOperation.IsClosed(actor(), path());
            case 8 -> new QueryOperation.Exists(actor(), path());
            case 9 -> new QueryOperation.Blocks(actor(), path(), position(), position());
            case 10, 11 -> new QueryOperation.Checksum(actor(), path(), chance(2) ? -1 : Math.max(0, position()));
            default -> read();
        };
    }

    private Operation read() {
        List<ReadOperation.Step> steps = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            steps.add(new ReadOperation.Step(pick(ReadOperation.Kind.values()), position(), count()));
        }
        return new ReadOperation.Read(actor(), path(), chance(4), steps);
    }

    private List<String> names() {
        List<String> made = new ArrayList<>(List.of("a", "b"));
        String[] others = {
            "c",
            "d",
            "ä ö",
            "日本語",
            "with space",
            ".hidden",
            "_SUCCESS",
            "part-00000",
            "x%20y",
            "plus+and&",
            "{odd}",
            "\uD83D\uDE00",
            "tab\there",
            "~",
            "A",
            "é",
            "e\u0301"
        };
        for (int i = 0; i < 2; i++) {
            made.add(pick(others));
        }
        if (chance(8)) {
            made.add("n".repeat(255));
        }
        return made;
    }

    private String path() {
        if (chance(60)) {
            return oddPath();
        }
        StringBuilder path = new StringBuilder(pick(names));
        for (int depth = 1; depth < MOST_DEPTH && chance(2); depth++) {
            path.append('/').append(pick(names));
        }
        return path.toString();
    }

    /** A name that is refused leaves no parents behind, as it does in HDFS; what is not tried does not differ. */
    private String pathToMake() {
        return path().replace("/.snapshot", "/snapshot");
    }

    private String oddPath() {
        String[] odd = {
            "",
            "n".repeat(256),
            "é".repeat(128),
            "日".repeat(86),
            "日".repeat(85),
            ".snapshot",
            "a/.snapshot",
            "a/.snapshot/x",
            ".reserved",
            "a/",
            "a//b",
            "./a",
            "a/../b",
            "a/.",
            "...",
            "a/b/c/d/e/f/g",
            "back\\slash"
        };
        return pick(odd);
    }

    private String pathOrTop() {
        return chance(3) ? "" : path();
    }

    private String pattern() {
        String[] patterns = {
            "*", "*/*", "a*", "?", "{a,b}", "{a,b}/*", "[a-c]", "[^a]", "*/b", "a/*/*", "a", "none*", "a/b/c"
        };
        return pick(patterns);
    }

    private Actor actor() {
        return chance(3) ? Actor.ALICE : pick(Actor.EVERYBODY);
    }

    private int slot() {
        return random.nextInt(SLOTS);
    }

    private int count() {
        return chance(3) ? random.nextInt(200_000) : pick(COUNTS);
    }

    private long position() {
        return chance(12) ? -random.nextInt(3) : chance(3) ? random.nextInt(400_000) : pick(COUNTS);
    }

    private int mode() {
        return chance(4) ? random.nextInt(02000) : pick(MODES);
    }

    /** True in one of so many cases. */
    private boolean chance(int of) {
        return random.nextInt(of) == 0;
    }

    private int pick(int[] values) {
        return values[random.nextInt(values.length)];
    }

    private long pick(long[] values) {
        return values[random.nextInt(values.length)];
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
