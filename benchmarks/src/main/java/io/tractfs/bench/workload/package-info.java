/** The workloads, on Hadoop's FileSystem alone: they cannot tell TractFS from HDFS. Run in a worker's process. */
@NullMarked
package io.tractfs.bench.workload;

import org.jspecify.annotations.NullMarked;
