package io.tractfs.metadata.namespace;

import static io.tractfs.metadata.namespace.TestNamespace.ROOT;
import static io.tractfs.metadata.namespace.TestNamespace.creation;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.BlobId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random operations on the namespace and on a sorted map of paths agree; afterwards the log replayed on another state, cut
 * into other entries, gives the same tables. To replay a seed, set the bounds of the loop to it.
 */
class NamespaceModelTest {
    private static final int SEEDS = 60;
    private static final int STEPS = 150;
    private static final String TOP = "/tmp";

    /** A tree as a map from path to length; -1 for a directory. */
    private static final class Model {
        final TreeMap<String, Long> nodes = new TreeMap<>();

        Model() {
            nodes.put(TOP, -1L);
        }

        boolean isDirectory(String path) {
            return Long.valueOf(-1).equals(nodes.get(path));
        }

        boolean isFile(String path) {
            return nodes.containsKey(path) && !isDirectory(path);
        }

        static String parent(String path) {
            return path.substring(0, path.lastIndexOf('/'));
        }

        /** Whether no ancestor is a file. */
        boolean isReachable(String path) {
            for (String at = parent(path); at.length() > TOP.length(); at = parent(at)) {
                if (isFile(at)) {
                    return false;
                }
            }
            return true;
        }

        void makeParents(String path) {
            for (String at = parent(path); at.length() > TOP.length(); at = parent(at)) {
                nodes.put(at, -1L);
            }
        }

        List<String> below(String path) {
            return new ArrayList<>(nodes.subMap(path + "/", path + "0").keySet());
        }

        void delete(String path) {
            below(path).forEach(nodes::remove);
            nodes.remove(path);
        }

        void move(String from, String to) {
            TreeMap<String, Long> moved = new TreeMap<>();
            below(from).forEach(path -> moved.put(to + path.substring(from.length()), nodes.get(path)));
            moved.put(to, nodes.get(from));
            delete(from);
            nodes.putAll(moved);
        }
    }

    @Test
    void agreesWithAModelAndReplaysToTheSameTables() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Random random = new Random(seed);
            TestNamespace namespace = new TestNamespace();
            Model model = new Model();
            for (int step = 0; step < STEPS; step++) {
                step(random, namespace, model, "seed " + seed + " step " + step);
            }
            assertSameTree(namespace, model, "seed " + seed);
            assertBlobsAliveOrGarbage(namespace, "seed " + seed);
            assertReplays(random, namespace, "seed " + seed);
        }
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder(TOP);
        for (int depth = random.nextInt(3); depth >= 0; depth--) {
            path.append('/').append((char) ('a' + random.nextInt(3)));
        }
        return path.toString();
    }

    private static void step(Random random, TestNamespace namespace, Model model, String what) {
        String path = path(random);
        switch (random.nextInt(6)) {
            case 0 -> mkdirs(namespace, model, path, what);
            case 1, 2 -> create(random, namespace, model, path, what);
            case 3 -> delete(random, namespace, model, path, what);
            case 4 -> legacyRename(namespace, model, path, path(random), what);
            default -> overwritingRename(namespace, model, path, path(random), what);
        }
    }

    private static void mkdirs(TestNamespace namespace, Model model, String path, String what) {
        Result result = namespace.run(ROOT, new FileCommand.Mkdirs(path, 0755, true));
        boolean may = model.isReachable(path) && !model.isFile(path);
        assertThat(result.equals(Result.YES)).as(what).isEqualTo(may);
        if (may) {
            model.makeParents(path);
            model.nodes.put(path, -1L);
        }
    }

    private static void create(Random random, TestNamespace namespace, Model model, String path, String what) {
        boolean overwrite = random.nextBoolean();
        Result result = namespace.run(ROOT, creation(path, overwrite));
        boolean may =
                model.isReachable(path) && !model.isDirectory(path) && (overwrite || !model.nodes.containsKey(path));
        assertThat(result instanceof Result.Opened).as(what).isEqualTo(may);
        if (may) {
            long length = random.nextInt(1000);
            namespace.close(TestNamespace.FIRST, TestNamespace.opened(result), length);
            model.makeParents(path);
            model.nodes.put(path, length);
        }
    }

    private static void delete(Random random, TestNamespace namespace, Model model, String path, String what) {
        boolean recursive = random.nextBoolean();
        Result result = namespace.run(ROOT, new FileCommand.Delete(path, recursive));
        boolean may =
                model.nodes.containsKey(path) && (recursive || model.below(path).isEmpty());
        assertThat(result.equals(Result.YES)).as(what).isEqualTo(may);
        if (may) {
            model.delete(path);
        }
    }

    private static void legacyRename(TestNamespace namespace, Model model, String from, String to, String what) {
        Result result = namespace.run(ROOT, new FileCommand.Rename(from, to, RenameRule.LEGACY));
        String target = model.isDirectory(to) ? to + from.substring(from.lastIndexOf('/')) : to;
        boolean same = model.nodes.containsKey(from) && target.equals(from);
        boolean may = model.nodes.containsKey(from)
                && !model.nodes.containsKey(target)
                && model.isDirectory(Model.parent(target))
                && !target.startsWith(from + "/");
        assertThat(result.equals(Result.YES)).as(what).isEqualTo(may || same);
        if (may) {
            model.move(from, target);
        }
    }

    private static void overwritingRename(TestNamespace namespace, Model model, String from, String to, String what) {
        Result result = namespace.run(ROOT, new FileCommand.Rename(from, to, RenameRule.OVERWRITE));
        boolean may = model.nodes.containsKey(from)
                && !from.equals(to)
                && !to.startsWith(from + "/")
                && model.isDirectory(Model.parent(to))
                && (!model.nodes.containsKey(to)
                        || (model.isDirectory(from) == model.isDirectory(to)
                                && model.below(to).isEmpty()));
        assertThat(result.equals(Result.YES)).as(what).isEqualTo(may);
        if (may) {
            model.delete(to);
            model.move(from, to);
        }
    }

    private static void assertSameTree(TestNamespace namespace, Model model, String what) {
        TreeMap<String, Long> found = new TreeMap<>();
        collect(namespace, TOP, found);
        assertThat(found).as(what).isEqualTo(model.nodes);
        assertThat(namespace.state.inodeCount()).as(what).isEqualTo(3 + model.nodes.size());
    }

    private static void collect(TestNamespace namespace, String path, Map<String, Long> found) {
        FileStatus status = namespace.status(path);
        found.put(path, status.directory() ? -1 : status.length());
        if (status.directory()) {
            List<String> names = namespace.names(path);
            assertThat(status.childCount()).as(path).isEqualTo(names.size());
            names.forEach(name -> collect(namespace, path + "/" + name, found));
        }
    }

    /** Every blob ever drawn is alive in some file or in the garbage log, never both. */
    private static void assertBlobsAliveOrGarbage(TestNamespace namespace, String what) {
        Set<BlobId> garbage = new HashSet<>();
        namespace.state.garbage(0, Integer.MAX_VALUE).forEach(entry -> garbage.add(entry.blob()));
        assertThat(garbage).as(what).hasSize((int) namespace.state.garbageHead());
        Set<BlobId> alive = new HashSet<>();
        namespace.store.scan(KeySpace.INODES, Keys.EMPTY, (key, value) -> {
            if (InodeCodec.decode(value) instanceof Inode.FileNode file) {
                file.segments().forEach(segment -> alive.add(segment.blob()));
            }
            return true;
        });
        assertThat(alive).as(what).allMatch(namespace.state::isAlive).doesNotContainAnyElementsOf(garbage);
        assertThat(garbage).as(what).noneMatch(namespace.state::isAlive);
    }

    private static void assertReplays(Random random, TestNamespace namespace, String what) {
        InMemoryKeyValueStore store = new InMemoryKeyValueStore();
        NamespaceState state = new NamespaceState(store);
        long index = 0;
        for (LoggedEntry entry : namespace.log) {
            state.apply(new LogPosition(1, index++), entry);
            if (random.nextInt(10) == 0) {
                state = new NamespaceState(store);
            }
        }
        for (KeySpace space : KeySpace.values()) {
            assertThat(dump(store, space)).as(what + " " + space).isEqualTo(dump(namespace.store, space));
        }
    }

    private static List<String> dump(KeyValueView view, KeySpace space) {
        List<String> lines = new ArrayList<>();
        view.scan(
                space,
                Keys.EMPTY,
                (key, value) -> lines.add(
                        HexFormat.of().formatHex(key) + "=" + HexFormat.of().formatHex(value)));
        return lines;
    }
}
