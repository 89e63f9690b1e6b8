/**
 * The disk seam: files with positional reads and writes, force, directories with force, exclusive locks. The real one
 * is {@link io.tractfs.tract.disk.DirectoryDisk}; the one for tests and the simulator loses what was not forced and fails
 * on request. Used by the stores.
 */
@NullMarked
package io.tractfs.tract.disk;

import org.jspecify.annotations.NullMarked;
