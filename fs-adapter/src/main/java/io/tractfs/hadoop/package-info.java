/**
 * The Hadoop adapter: {@link io.tractfs.hadoop.TractFileSystem} and {@link io.tractfs.hadoop.TractFs} over the client
 * library. The two are thin; what they share lives in {@link io.tractfs.hadoop.ClusterSession}, one per file system
 * object; connections and threads are shared below, in the client library. Of Hadoop only its file
 * system, configuration and user classes are touched, so that one jar runs on plain and on shaded Hadoop.
 *
 * <p>Hadoop loads the public classes by name; nobody else calls this package.
 */
@NullMarked
package io.tractfs.hadoop;

import org.jspecify.annotations.NullMarked;
