package io.tractfs.metadata.namespace;

/**
 * An inode and where it hangs. Immutable.
 *
 * @param <I> file, directory or either
 */
record Entry<I extends Inode>(Location location, I inode) {
    /** Name of the entry. */
    String name() {
        return location.name();
    }
}
