package io.tractfs.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.ContentSummary;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LeaseRecoverable;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What programs try at the edges of the namespace, step by step on TractFS and on HDFS: the same answers. */
class FilesLikeHdfsIT {
    private static final AtomicInteger RUNS = new AtomicInteger();
    private static final int LENGTH = 400_000;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static Subject tractFs;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static Subject hdfs;

    @BeforeAll
    static void start() throws IOException {
        tractFs = TractSubject.start();
        Path directory = Path.of(
                System.getProperty("tractfs.work"),
                "hdfs-files-" + ProcessHandle.current().pid());
        hdfs = new HdfsSubject(directory.toFile());
    }

    @AfterAll
    static void stop() {
        tractFs.close();
        hdfs.close();
    }

    /** What is done with one file system. */
    private interface Step {
        Object on(World world) throws Exception;
    }

    /** Steps with their names, in order. */
    private static final class Script {
        private final List<String> names = new ArrayList<>();
        private final List<Step> steps = new ArrayList<>();

        Script then(String name, Step step) {
            names.add(name);
            steps.add(step);
            return this;
        }

        private List<String> outcomes(Subject subject, String root) throws IOException {
            World world = new World(subject, new org.apache.hadoop.fs.Path(root), new StepClock());
            world.begin();
            List<String> outcomes = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                outcomes.add(names.get(i) + ": " + outcome(steps.get(i), world).compared());
            }
            world.end();
            return outcomes;
        }

        private static Outcome outcome(Step step, World world) {
            try {
                return Outcome.returned(String.valueOf(step.on(world)));
            } catch (Exception e) {
                return Outcome.threw(e);
            }
        }

        void runsAlike() throws IOException {
            String root = "/files/" + RUNS.incrementAndGet();
            assertThat(outcomes(tractFs, root)).isEqualTo(outcomes(hdfs, root));
        }
    }

    private static void write(World world, Actor actor, String name, int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        try (FSDataOutputStream out = world.files(actor).create(world.path(name), true)) {
            out.write(bytes);
        }
    }

    private static String content(World world, String name) throws IOException {
        try (FSDataInputStream in = world.superuser().files().open(world.path(name))) {
            byte[] bytes = in.readAllBytes();
            return Rendering.bytes(bytes, bytes.length);
        }
    }

    /** Without times, and whoever started both has one name. */
    private static String status(World world, String name) throws IOException {
        FileStatus status = world.superuser().files().getFileStatus(world.path(name));
        return status.getPermission() + " " + status.getOwner() + ":" + status.getGroup() + " " + status.getLen() + " r"
                + status.getReplication() + " b" + status.getBlockSize();
    }

    private static FsPermission mode(int bits) {
        return new FsPermission((short) bits);
    }

    @Test
    void truncatedAtEveryEdgeUnderAnOpenReader() throws IOException {
        Script script = new Script();
        for (int length : new int[] {0, 1, 511, 512, 513, 65_535, 65_536, 65_537, 131_071, 131_072, 131_073, 199_999}) {
            script.then("truncate to " + length, world -> {
                write(world, Actor.ALICE, "t", 200_000);
                FileSystem files = world.files(Actor.ALICE);
                try (FSDataInputStream open = files.open(world.path("t"))) {
                    int first = open.read();
                    if (!files.truncate(world.path("t"), length)) {
                        Waiting.until(world.subject(), () -> ((LeaseRecoverable) files).isFileClosed(world.path("t")));
                    }
                    String cut = content(world, "t");
                    try (FSDataOutputStream out = files.append(world.path("t"))) {
                        out.write(new byte[70_000]);
                    }
                    return first + " " + cut + " then " + content(world, "t");
                }
            });
        }
        script.runsAlike();
    }

    @Test
    void blocksOfRangesAtAndBeyondTheEnd() throws IOException {
        long[][] ranges = {
            {0, 0},
            {0, 1},
            {0, LENGTH},
            {0, 10 * LENGTH},
            {131_071, 2},
            {131_072, 0},
            {LENGTH - 1, 1},
            {LENGTH, 1},
            {LENGTH + 1, 1},
            {-1, 5},
            {5, -1},
            {0, Long.MAX_VALUE},
            {Long.MAX_VALUE, 1}
        };
        Script script = new Script();
        script.then("files", world -> {
            write(world, Actor.ALICE, "f", LENGTH);
            write(world, Actor.ALICE, "empty", 0);
            return "made";
        });
        for (long[] range : ranges) {
            String name = Arrays.toString(range);
            script.then(
                    "by path " + name,
                    world -> blocks(
                            world.files(Actor.ALICE).getFileBlockLocations(world.path("f"), range[0], range[1])));
            script.then("by status " + name, world -> {
                FileSystem files = world.files(Actor.ALICE);
                return blocks(files.getFileBlockLocations(files.getFileStatus(world.path("f")), range[0], range[1]));
            });
            script.then(
                    "of an empty file " + name,
                    world -> blocks(
                            world.files(Actor.ALICE).getFileBlockLocations(world.path("empty"), range[0], range[1])));
        }
        script.runsAlike();
    }

    private static String blocks(BlockLocation[] blocks) {
        return Arrays.stream(blocks)
                .map(block -> block.getOffset() + "+" + block.getLength())
                .collect(Collectors.joining(" "));
    }

    @Test
    void summariesOfFilesAndTrees() throws IOException {
        new Script()
                .then("tree", world -> {
                    world.files(Actor.ALICE).mkdirs(world.path("d/e"));
                    write(world, Actor.ALICE, "d/a", 100_000);
                    write(world, Actor.ALICE, "d/e/b", LENGTH);
                    return world.files(Actor.ALICE).setReplication(world.path("d/a"), (short) 2);
                })
                .then("of a tree", world -> summary(world.files(Actor.ALICE).getContentSummary(world.path("d"))))
                .then("of a file", world -> summary(world.files(Actor.ALICE).getContentSummary(world.path("d/a"))))
                .then("of nothing", world -> summary(world.files(Actor.ALICE).getContentSummary(world.path("no"))))
                .then("quota", world -> world.files(Actor.ALICE).getQuotaUsage(world.path("d")))
                .then("unreadable", world -> {
                    world.files(Actor.ALICE).setPermission(world.path("d/e"), mode(0700));
                    return summary(world.files(Actor.BOB).getContentSummary(world.path("d")));
                })
                .runsAlike();
    }

    private static String summary(ContentSummary sum) {
        return sum.getLength() + " " + sum.getFileCount() + " " + sum.getDirectoryCount() + " " + sum.getSpaceConsumed()
                + " " + sum.getQuota() + " " + sum.getSpaceQuota() + " '" + sum.getErasureCodingPolicy() + "'";
    }

    @Test
    void filesOfNoCopiesOrBlocksAreRefused() throws IOException {
        Script script = new Script();
        for (int replication : new int[] {-1, 0, 1, 512, 513}) {
            script.then("replication " + replication, world -> {
                world.files(Actor.ALICE)
                        .create(world.path("f"), true, 4096, (short) replication, Sizes.BLOCK)
                        .close();
                return status(world, "f");
            });
        }
        for (long size : new long[] {-1, 0, 1, 511, 512, 1_536}) {
            script.then("block size " + size, world -> {
                world.files(Actor.ALICE)
                        .create(world.path("f"), true, 4096, (short) 1, size)
                        .close();
                return status(world, "f");
            });
        }
        script.runsAlike();
    }

    @Test
    void contextsAppendOrCreate() throws IOException {
        EnumSet<CreateFlag> both = EnumSet.of(CreateFlag.CREATE, CreateFlag.APPEND);
        new Script()
                .then("new", world -> contextWrite(world, "n", both))
                .then("there", world -> contextWrite(world, "n", both))
                .then("only to append", world -> contextWrite(world, "missing", EnumSet.of(CreateFlag.APPEND)))
                .then(
                        "replace and append",
                        world -> contextWrite(world, "n", EnumSet.of(CreateFlag.APPEND, CreateFlag.OVERWRITE)))
                .then("no flags", world -> contextWrite(world, "n", EnumSet.noneOf(CreateFlag.class)))
                .then("a directory", world -> contextWrite(world, "", both))
                .then("no parent", world -> contextWrite(world, "x/y", both))
                .then("with parent", world -> contextWrite(world, "x/y", both, CreateOpts.createParent()))
                .then("content", world -> content(world, "n"))
                .runsAlike();
    }

    private static String contextWrite(World world, String name, EnumSet<CreateFlag> flags, CreateOpts... options)
            throws IOException {
        try (FSDataOutputStream out =
                world.context(Actor.ALICE).create(world.superuser().qualified(world.path(name)), flags, options)) {
            long start = out.getPos();
            out.write(new byte[70_000]);
            return start + " to " + out.getPos();
        }
    }

    @Test
    void leasesAreRecoveredTwiceAndAtOnce() throws IOException {
        List<FSDataOutputStream> writers = new ArrayList<>();
        new Script()
                .then("open", world -> {
                    writers.add(world.files(Actor.ALICE).create(world.path("f")));
                    writers.get(writers.size() - 1).write(new byte[1_000]);
                    writers.get(writers.size() - 1).hflush();
                    return ((LeaseRecoverable) world.files(Actor.ALICE)).isFileClosed(world.path("f"));
                })
                .then("missing", world -> recover(world, Actor.ALICE, "missing"))
                .then("directory", world -> recover(world, Actor.ALICE, ""))
                .then(
                        "directory is closed",
                        world -> ((LeaseRecoverable) world.files(Actor.ALICE)).isFileClosed(world.path("")))
                .then("stranger", world -> recover(world, Actor.DAVE, "f"))
                .then("four at once", world -> {
                    IntStream.range(0, 4)
                            .mapToObj(i -> CompletableFuture.runAsync(() -> recoverUnchecked(world)))
                            .toList()
                            .forEach(CompletableFuture::join);
                    Waiting.until(
                            world.subject(),
                            () -> ((LeaseRecoverable) world.files(Actor.ALICE)).isFileClosed(world.path("f")));
                    return content(world, "f");
                })
                .then("closed", world -> recover(world, Actor.ALICE_AGAIN, "f"))
                .then("the loser writes", world -> isLost(writers.get(writers.size() - 1)))
                .then("another appends", world -> {
                    try (FSDataOutputStream out = world.files(Actor.ALICE_AGAIN).append(world.path("f"))) {
                        out.write(new byte[5]);
                    }
                    return content(world, "f");
                })
                .runsAlike();
    }

    private static boolean isLost(FSDataOutputStream writer) {
        boolean lost = false;
        try {
            writer.write(new byte[10]);
            writer.hflush();
        } catch (IOException e) {
            lost = true;
        }
        try {
            writer.close();
        } catch (IOException e) {
            return lost;
        }
        return false;
    }

    private static boolean recover(World world, Actor actor, String name) throws IOException {
        return ((LeaseRecoverable) world.files(actor)).recoverLease(world.path(name));
    }

    private static void recoverUnchecked(World world) {
        try {
            boolean unused = recover(world, Actor.ALICE_AGAIN, "f");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void umasksOfEveryForm() throws IOException {
        Script script = new Script();
        for (String umask : List.of("022", "077", "0777", "01022", "u=rwx,g=rx,o=", "u=rw,g=r,o=", "u+rwx", "9", "x")) {
            script.then("umask " + umask, world -> {
                Configuration configuration =
                        new Configuration(world.files(Actor.ALICE).getConf());
                configuration.set("fs.permissions.umask-mode", umask);
                try (FileSystem files = as(user("alice"), configuration)) {
                    String d = "d" + Integer.toHexString(umask.hashCode());
                    files.create(world.path(d + "/x/f")).close();
                    files.mkdirs(world.path(d + "/p/q"), mode(01777));
                    return status(world, d)
                            + status(world, d + "/x/f")
                            + status(world, d + "/p")
                            + status(world, d + "/p/q");
                }
            });
        }
        script.runsAlike();
    }

    private static UserGroupInformation user(String name) {
        return UserGroupInformation.createRemoteUser(name);
    }

    private static FileSystem as(UserGroupInformation user, Configuration configuration) throws Exception {
        return user.doAs((PrivilegedExceptionAction<FileSystem>)
                () -> FileSystem.newInstance(FileSystem.getDefaultUri(configuration), configuration));
    }

    @Test
    void proxiesReadAndWriteAsThoseForWhomTheyMayAct() throws IOException {
        Script script = new Script();
        script.then("alice's own", world -> {
            write(world, Actor.ALICE, "own", LENGTH);
            world.files(Actor.ALICE).setPermission(world.path("own"), mode(0600));
            return status(world, "own");
        });
        for (String name : List.of("alice", "bob", "dave", "carol")) {
            script.then("as " + name, world -> throughProxy(world, name, Actor.PROXY));
        }
        script.then("bob is no proxy", world -> throughProxy(world, "alice", "bob"))
                .runsAlike();
    }

    private static String throughProxy(World world, String name, String proxy) throws Exception {
        UserGroupInformation acting = UserGroupInformation.createProxyUser(name, user(proxy));
        try (FileSystem files = as(acting, world.files(Actor.ALICE).getConf())) {
            org.apache.hadoop.fs.Path written = world.path("by-" + name);
            try (FSDataOutputStream out = files.create(written)) {
                out.write(new byte[LENGTH]);
                out.hflush();
            }
            try (FSDataInputStream in = files.open(world.path("own"))) {
                return status(world, written.getName()) + " " + in.readAllBytes().length + " "
                        + files.getHomeDirectory().toUri().getPath();
            }
        }
    }

    @Test
    void stickyDirectoriesKeepWhatIsOthers() throws IOException {
        new Script()
                .then("made", world -> {
                    FileSystem superuser = world.superuser().files();
                    superuser.mkdirs(world.path("tmp"));
                    superuser.setPermission(world.path("tmp"), mode(01777));
                    for (String name : List.of("f", "g", "h", "d/x")) {
                        write(world, Actor.ALICE, "tmp/" + name, 10);
                    }
                    world.files(Actor.ALICE).setPermission(world.path("tmp/d"), mode(0777));
                    world.files(Actor.ALICE).setPermission(world.path("tmp/f"), mode(0666));
                    return world.files(Actor.BOB).mkdirs(world.path("bobs"));
                })
                .then("out", world -> world.files(Actor.BOB).rename(world.path("tmp/f"), world.path("bobs/f")))
                .then("within", world -> world.files(Actor.BOB).rename(world.path("tmp/f"), world.path("tmp/e")))
                .then("a tree", world -> world.files(Actor.BOB).rename(world.path("tmp/d"), world.path("bobs/d")))
                .then("delete", world -> world.files(Actor.BOB).delete(world.path("tmp/g"), false))
                .then("delete a tree", world -> world.files(Actor.BOB).delete(world.path("tmp/d"), true))
                .then("delete in it", world -> world.files(Actor.BOB).delete(world.path("tmp/d/x"), true))
                .then("replace", world -> {
                    world.files(Actor.BOB).create(world.path("tmp/f"), true).close();
                    return status(world, "tmp/f");
                })
                .then("of the directory's owner", world -> {
                    world.superuser().files().setOwner(world.path("tmp"), "dave", "guests");
                    return world.files(Actor.DAVE).delete(world.path("tmp/g"), true);
                })
                .then("own", world -> world.files(Actor.ALICE).delete(world.path("tmp/f"), true))
                .then("superuser", world -> world.files(Actor.CAROL).delete(world.path("tmp/h"), true))
                .runsAlike();
    }

    @Test
    void objectsOfAUserAreCachedAndClosedTogether() throws IOException {
        UserGroupInformation[] users = new UserGroupInformation[2];
        FSDataOutputStream[] open = new FSDataOutputStream[1];
        new Script()
                .then("cached by user object", world -> {
                    users[0] = user("alice");
                    users[1] = user("alice");
                    FileSystem first = cached(world, users[0]);
                    FileSystem second = cached(world, users[0]);
                    return (first == second) + " " + (first == cached(world, users[1]));
                })
                .then("open", world -> {
                    open[0] = cached(world, users[0]).create(world.path("f"));
                    open[0].write(1);
                    return "open";
                })
                .then("all of a user", world -> {
                    FileSystem gone = cached(world, users[0]);
                    FileSystem.closeAllForUGI(users[0]);
                    return gone.exists(world.path("f"));
                })
                .then("completed", world -> status(world, "f") + recover(world, Actor.ALICE, "f"))
                .then("write after it", world -> {
                    open[0].write(new byte[100]);
                    return "written";
                })
                .then("the other's", world -> cached(world, users[1]).exists(world.path("f")))
                .then("a new one", world -> cached(world, users[0]).exists(world.path("f")))
                .then("ended", world -> {
                    for (UserGroupInformation user : users) {
                        FileSystem.closeAllForUGI(Objects.requireNonNull(user));
                    }
                    return "closed";
                })
                .then("no capability", world -> world.files(Actor.ALICE).hasPathCapability(world.path("f"), ""))
                .runsAlike();
    }

    private static FileSystem cached(World world, UserGroupInformation user) throws Exception {
        Configuration configuration = world.files(Actor.ALICE).getConf();
        return user.doAs((PrivilegedExceptionAction<FileSystem>) () -> FileSystem.get(configuration));
    }
}
