package io.tractfs.metadata.namespace;

import io.tractfs.id.FileId;

/**
 * Where an inode hangs. Immutable.
 *
 * @param parent directory; {@link FileId#NONE} for the root
 * @param name entry in it; empty for the root
 */
record Location(FileId parent, String name) {
    /** Where the root hangs. */
    static final Location ROOT = new Location(FileId.NONE, "");
}
