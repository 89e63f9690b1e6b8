/**
 * Copies of the namespace on their way: {@link io.tractfs.wire.checkpoint.CheckpointProxy} fetches one from the metadata
 * server that leads, {@link io.tractfs.wire.checkpoint.CheckpointArchive} keeps one in a file. Used by metadata servers
 * and by the command line.
 */
@NullMarked
package io.tractfs.wire.checkpoint;

import org.jspecify.annotations.NullMarked;
