/**
 * A local cluster in one directory: {@link io.tractfs.cli.cluster.ClusterDirectory} is its layout,
 * {@link io.tractfs.cli.cluster.ClusterPlan} what it consists of, {@link io.tractfs.cli.cluster.Daemon} one of its
 * processes, {@link io.tractfs.cli.cluster.Cluster} the whole. Used by the commands.
 */
@NullMarked
package io.tractfs.cli.cluster;

import org.jspecify.annotations.NullMarked;
