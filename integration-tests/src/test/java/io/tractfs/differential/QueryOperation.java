package io.tractfs.differential;

import static java.util.stream.Collectors.joining;

import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.ContentSummary;
import org.apache.hadoop.fs.FileChecksum;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LeaseRecoverable;
import org.apache.hadoop.fs.MD5MD5CRC32FileChecksum;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.util.StringUtils;

/** Asks without changing anything. Immutable. */
sealed interface QueryOperation extends Operation {
    @Override
    default boolean observesBytes() {
        return true;
    }

    /** Status of a path. */
    record Status(Actor actor, String path, boolean context) implements QueryOperation {
        @Override
        public String on(World world) throws Exception {
            Path at = world.path(path);
            FileStatus status = context
                    ? world.context(actor).getFileStatus(world.superuser().qualified(at))
                    : world.files(actor).getFileStatus(at);
            return world.rendering(actor).status(status);
        }
    }

    /** Which listing is asked for. */
    enum Kind {
        STATUS,
        ITERATOR,
        LOCATED,
        FILES,
        FILES_BELOW,
        CONTEXT
    }

    /** A listing. */
    record List(Actor actor, String path, Kind kind) implements QueryOperation {
        @Override
        public String on(World world) throws Exception {
            Path at = world.path(path);
            FileSystem files = world.files(actor);
            return switch (kind) {
                case STATUS -> world.rendering(actor).listing(files.listStatus(at));
                case ITERATOR -> world.rendering(actor).listing(files.listStatusIterator(at));
                case LOCATED -> world.rendering(actor).located(files.listLocatedStatus(at));
                case FILES -> world.rendering(actor).located(files.listFiles(at, false));
                case FILES_BELOW ->
                    // The order is that of a walk, which depends on the order within directories.
                    world.rendering(actor)
                            .located(files.listFiles(at, true))
                            .lines()
                            .sorted()
                            .collect(joining("\n"));
                case CONTEXT ->
                    world.rendering(actor)
                            .listing(world.context(actor)
                                    .listStatus(world.superuser().qualified(at)));
            };
        }
    }

    /** Expands a pattern. */
    record Glob(Actor actor, String pattern) implements QueryOperation {
        @Override
        public String on(World world) throws Exception {
            FileStatus[] found = world.files(actor).globStatus(world.path(pattern));
            return found == null ? "null" : world.rendering(actor).statuses(found);
        }
    }

    /** Sums up a tree. */
    record Summary(Actor actor, String path) implements QueryOperation {
        @Override
        public String on(World world) throws Exception {
            ContentSummary sum = world.files(actor).getContentSummary(world.path(path));
            String counts = sum.getFileCount() + " files " + sum.getDirectoryCount() + " directories";
            // What is counted of a file that is open, neither says.
            return world.writers().anyOpen()
                    ? counts
                    : counts + " " + sum.getLength() + " bytes " + sum.getSpaceConsumed() + " consumed";
        }
    }

    /** Asks for rights. */
    record Access(Actor actor, String path, FsAction action) implements QueryOperation {
        @Override
        public String on(World world) throws Exception {
            world.files(actor).access(world.path(path), action);
            return "granted";
        }
    }

    /** Whether a file has no writer. */
    record IsClosed(Actor actor, String path) implements QueryOperation {
        @Override
        public String on(World world) throws Exception {
            return Boolean.toString(((LeaseRecoverable) world.files(actor)).isFileClosed(world.path(path)));
        }
    }

    /** {@code exists}. */
    record Exists(Actor actor, String path) implements QueryOperation {
        @Override
        public String on(World world) throws Exception {
            return Boolean.toString(world.files(actor).exists(world.path(path)));
        }
    }

    /** Checksum of a file, or of its beginning. */
    record Checksum(Actor actor, String path, long length) implements QueryOperation {
        @Override
        public String on(World world) throws Exception {
            FileSystem files = world.files(actor);
            Path at = world.path(path);
            FileChecksum sum = length < 0 ? files.getFileChecksum(at) : files.getFileChecksum(at, length);
            if (sum == null) {
                return "null";
            }
            if (world.blocksApart() && sum instanceof MD5MD5CRC32FileChecksum) {
                return "of blocks";
            }
            return sum.getAlgorithmName() + " " + sum.getLength() + " " + StringUtils.byteToHexString(sum.getBytes());
        }
    }

    /** Blocks of a range. */
    record Blocks(Actor actor, String path, long start, long length) implements QueryOperation {
        @Override
        public String on(World world) throws Exception {
            FileSystem files = world.files(actor);
            Path at = world.path(path);
            BlockLocation[] blocks = files.getFileBlockLocations(at, start, length);
            return world.rendering(actor).blocks(files.getFileStatus(at), blocks);
        }
    }
}
