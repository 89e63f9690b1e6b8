/**
 * {@code fsck}: compares names, rows and stores. The namespace is walked in pages, the tracts of a page are asked of the
 * stores that the table names, and what looks wrong is looked at again before it is said; the other way round, the names
 * of the files on each store are compared with the blobs that are alive. {@link io.tractfs.cli.fsck.Fsck} is the whole of
 * it, {@link io.tractfs.cli.fsck.FsckCluster} what it asks, {@link io.tractfs.cli.fsck.FsckReport} what it tells. Used by
 * the command of that name and by {@code admin report}.
 */
@NullMarked
package io.tractfs.cli.fsck;

import org.jspecify.annotations.NullMarked;
