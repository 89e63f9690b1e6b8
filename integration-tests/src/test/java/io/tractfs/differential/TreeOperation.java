package io.tractfs.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LeaseRecoverable;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;

/** Changes names, trees and lengths. Immutable. */
sealed interface TreeOperation extends Operation {
    @Override
    default boolean observesBytes() {
        return false;
    }

    /** {@code FileSystem.mkdirs}, or {@code FileContext.mkdir} with or without parents; permission -1: the default. */
    record MakeDirectory(Actor actor, String path, int permission, Way way) implements TreeOperation {
        /** Which method is called. */
        enum Way {
            FILE_SYSTEM,
            CONTEXT,
            CONTEXT_WITH_PARENTS
        }

        @Override
        public String on(World world) throws Exception {
            Path directory = world.path(path);
            FsPermission mode = permission < 0 ? FsPermission.getDirDefault() : new FsPermission((short) permission);
            if (way == Way.FILE_SYSTEM) {
                return Boolean.toString(
                        permission < 0
                                ? world.files(actor).mkdirs(directory)
                                : world.files(actor).mkdirs(directory, mode));
            }
            world.context(actor)
                    .mkdir(world.session(actor).qualified(directory), mode, way == Way.CONTEXT_WITH_PARENTS);
            return "made";
        }
    }

    /** {@code FileSystem.rename}. */
    record Move(Actor actor, String source, String destination) implements TreeOperation {
        @Override
        public String on(World world) throws Exception {
            return Boolean.toString(world.files(actor).rename(world.path(source), world.path(destination)));
        }
    }

    /** {@code FileContext.rename}. */
    record MoveStrictly(Actor actor, String source, String destination, boolean overwrite) implements TreeOperation {
        @Override
        public String on(World world) throws Exception {
            world.context(actor)
                    .rename(
                            world.session(actor).qualified(world.path(source)),
                            world.session(actor).qualified(world.path(destination)),
                            overwrite ? Rename.OVERWRITE : Rename.NONE);
            return "renamed";
        }
    }

    /** Deletes. */
    record Delete(Actor actor, String path, boolean recursive, boolean context) implements TreeOperation {
        @Override
        public String on(World world) throws Exception {
            Path top = world.path(path);
            return Boolean.toString(
                    context
                            ? world.context(actor).delete(world.session(actor).qualified(top), recursive)
                            : world.files(actor).delete(top, recursive));
        }
    }

    /** {@code createNewFile}. */
    record CreateEmpty(Actor actor, String path) implements TreeOperation {
        @Override
        public String on(World world) throws Exception {
            return Boolean.toString(world.files(actor).createNewFile(world.path(path)));
        }
    }

    /** Shortens a file, and waits until that is done where it is done in the background. */
    record Truncate(Actor actor, String path, long length) implements TreeOperation {
        @Override
        public boolean observesBytes() {
            return true;
        }

        @Override
        public String on(World world) throws Exception {
            Path file = world.path(path);
            if (!world.files(actor).truncate(file, length)) {
                Waiting.until(world.subject(), () -> isClosed(world.superuser().files(), file));
            }
            return "truncated";
        }
    }

    /** Takes a file from its writer, and waits until that is done. */
    record RecoverLease(Actor actor, String path) implements TreeOperation {
        @Override
        public boolean observesBytes() {
            return true;
        }

        @Override
        public String on(World world) throws Exception {
            Path file = world.path(path);
            LeaseRecoverable files = (LeaseRecoverable) world.files(actor);
            if (!files.recoverLease(file)) {
                Waiting.until(world.subject(), () -> isClosed(world.superuser().files(), file));
            }
            return "recovered";
        }
    }

    /** Moves the bytes of files to the end of another one. */
    record Concatenate(Actor actor, String target, List<String> sources) implements TreeOperation {
        @Override
        public boolean observesBytes() {
            return true;
        }

        @Override
        public String on(World world) throws Exception {
            List<Path> paths = new ArrayList<>();
            sources.forEach(source -> paths.add(world.path(source)));
            world.files(actor).concat(world.path(target), paths.stream().toArray(Path[]::new));
            world.blocksPart();
            return "concatenated";
        }
    }

    private static boolean isClosed(FileSystem files, Path file) throws IOException {
        return ((LeaseRecoverable) files).isFileClosed(file);
    }
}
