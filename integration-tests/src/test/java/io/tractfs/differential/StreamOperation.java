package io.tractfs.differential;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;

/** Opens, writes, flushes and closes output streams. Immutable. */
sealed interface StreamOperation extends Operation {
    /** Buffer size that is asked for. */
    int BUFFER = 4096;

    @Override
    default boolean observesBytes() {
        return false;
    }

    /** Slot of the stream that is used, whose outcome cannot be compared once it has lost its file. */
    int slot();

    /** Which of Hadoop's many ways is taken. */
    enum Way {
        FILE_SYSTEM,
        NON_RECURSIVE,
        BUILDER,
        CONTEXT,
        CONTEXT_WITH_PARENTS
    }

    /**
     * Creates, or appends where the flags say so.
     *
     * @param permission mode before the umask, or -1 for the default
     * @param replication copies, or 0 for the default
     * @param blockSize bytes, or 0 for the default
     */
    record Create(
            Actor actor,
            String path,
            int slot,
            Way way,
            Set<CreateFlag> flags,
            int permission,
            int replication,
            long blockSize)
            implements StreamOperation {
        @Override
        public String on(World world) throws Exception {
            FSDataOutputStream stream = open(world, world.path(path));
            if (flags.contains(CreateFlag.NEW_BLOCK)) {
                world.blocksPart();
            }
            return world.writers().add(actor, slot, stream, world.path(path));
        }

        private FSDataOutputStream open(World world, Path file) throws IOException {
            FileSystem files = world.files(actor);
            EnumSet<CreateFlag> set = EnumSet.noneOf(CreateFlag.class);
            set.addAll(flags);
            FsPermission mode = permission < 0 ? FsPermission.getFileDefault() : new FsPermission((short) permission);
            short copies = replication == 0 ? files.getDefaultReplication(file) : (short) replication;
            long block = blockSize == 0 ? files.getDefaultBlockSize(file) : blockSize;
            return switch (way) {
                case FILE_SYSTEM -> files.create(file, mode, set, BUFFER, copies, block, null);
                case NON_RECURSIVE -> files.createNonRecursive(file, mode, set, BUFFER, copies, block, null);
                case BUILDER -> {
                    FSDataOutputStreamBuilder<?, ?> builder = files.createFile(file)
                            .overwrite(flags.contains(CreateFlag.OVERWRITE))
                            .permission(mode)
                            .replication(copies)
                            .blockSize(block);
                    yield (permission < 0 ? builder.recursive() : builder).build();
                }
                case CONTEXT, CONTEXT_WITH_PARENTS ->
                    world.context(actor)
                            .create(
                                    world.session(actor).qualified(file),
                                    set,
                                    CreateOpts.perms(mode),
                                    CreateOpts.repFac(copies),
                                    CreateOpts.blockSize(block),
                                    way == Way.CONTEXT ? CreateOpts.donotCreateParent() : CreateOpts.createParent());
            };
        }
    }

    /** Opens a file at its end, where HDFS may be told to begin a new block. */
    record Append(Actor actor, String path, int slot, boolean newBlock) implements StreamOperation {
        @Override
        public String on(World world) throws Exception {
            FSDataOutputStream stream = world.files(actor).append(world.path(path), BUFFER, null, newBlock);
            if (newBlock) {
                world.blocksPart();
            }
            return world.writers().add(actor, slot, stream, world.path(path));
        }
    }

    /** Writes bytes made from a seed. */
    record Write(int slot, int count, long seed) implements StreamOperation {
        @Override
        public String on(World world) throws Exception {
            byte[] bytes = new byte[count];
            new SplittableRandom(seed).nextBytes(bytes);
            return world.writers().write(slot, bytes);
        }
    }

    /** {@code hflush} or {@code hsync}. */
    record Flush(int slot, boolean disk) implements StreamOperation {
        @Override
        public String on(World world) throws Exception {
            return world.writers().flush(slot, disk);
        }
    }

    /** Closes. */
    record Close(int slot) implements StreamOperation {
        @Override
        public String on(World world) throws Exception {
            return world.writers().close(slot);
        }
    }

    /** Leaves the stream open and the slot to another. */
    record Leave(int slot) implements StreamOperation {
        @Override
        public String on(World world) {
            return world.writers().leave(slot);
        }
    }
}
