package io.tractfs.differential;

import java.util.Optional;
import org.apache.hadoop.fs.permission.FsPermission;

/** Changes permission, owner, times and replication. Immutable. */
sealed interface AttributeOperation extends Operation {
    @Override
    default boolean observesBytes() {
        return false;
    }

    /** Sets the mode. */
    record SetPermission(Actor actor, String path, int permission) implements AttributeOperation {
        @Override
        public String on(World world) throws Exception {
            world.files(actor).setPermission(world.path(path), new FsPermission((short) permission));
            return "set";
        }
    }

    /** Sets owner, group or both. */
    record SetOwner(Actor actor, String path, Optional<String> owner, Optional<String> group)
            implements AttributeOperation {
        @Override
        public String on(World world) throws Exception {
            world.files(actor).setOwner(world.path(path), owner.orElse(null), group.orElse(null));
            return "set";
        }
    }

    /** Sets times; -1 leaves one. */
    record SetTimes(Actor actor, String path, long modifiedMs, long accessedMs) implements AttributeOperation {
        @Override
        public String on(World world) throws Exception {
            world.files(actor).setTimes(world.path(path), modifiedMs, accessedMs);
            return "set";
        }
    }

    /** Sets the number of copies. */
    record SetReplication(Actor actor, String path, int replication) implements AttributeOperation {
        @Override
        public String on(World world) throws Exception {
            return Boolean.toString(world.files(actor).setReplication(world.path(path), (short) replication));
        }
    }
}
