package io.tractfs.bench.workload;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where and how a workload runs. Immutable, but for the numbers it gives out.
 *
 * @param files the file system
 * @param threads threads of the workload
 * @param replication copies of each file, at least 1
 * @param fileBytes size of a large file
 * @param crew threads that prepare
 * @param numbers source of fresh names
 */
public record Site(FileSystem files, int threads, short replication, long fileBytes, Crew crew, AtomicInteger numbers) {
    private static final Path ROOT = new Path("/bench");

    /** A name that no other round has. */
    Path fresh(String name) {
        return new Path(ROOT, name + "-" + numbers.incrementAndGet());
    }

    /** A name that all workloads of the same replication share. */
    Path shared(String name) {
        return new Path(ROOT, name + "-r" + replication);
    }
}
