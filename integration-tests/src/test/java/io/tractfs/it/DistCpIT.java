package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.SharedCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.tools.DistCp;
import org.apache.hadoop.tools.mapred.CopyMapper;
import org.apache.hadoop.util.ToolRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hadoop's DistCp between directories of a cluster, and into it: what it keeps, what it compares, what it skips. */
class DistCpIT {
    private static final Path TOP = new Path("/distcp");
    private static final int LENGTH = 3 << 20;
    private static final int POLL_MS = 50;

    @TempDir
    private java.nio.file.Path local;

    @SuppressWarnings("NullAway.Init") // set before each test
    private FileSystem files;

    @BeforeEach
    void open() throws IOException {
        files = SharedCluster.get().newFileSystem();
    }

    @AfterEach
    void close() throws IOException {
        files.delete(TOP, true);
        files.close();
    }

    @Test
    void copiesOfATreeAreUpdatedByTheirChecksums() throws Exception {
        Path source = new Path(TOP, "source");
        Path copy = new Path(TOP, "copy");
        write(new Path(source, "a"), 1, LENGTH);
        write(new Path(source, "d/empty"), 2, 0);
        write(new Path(source, "d/e/b c"), 3, 70_000);
        files.setPermission(new Path(source, "a"), new FsPermission((short) 0640));
        files.setTimes(new Path(source, "a"), 1_000_000, 2_000_000);
        files.setOwner(new Path(source, "d/e/b c"), "alice", "staff");
        files.setReplication(new Path(source, "d/e/b c"), (short) 2);

        assertThat(copied("-update", "-prbugpct", source.toString(), copy.toString()))
                .isEqualTo(3);
        assertThat(tree(copy)).isEqualTo(tree(source));
        assertThat(copied("-update", "-prbugpct", source.toString(), copy.toString()))
                .as("again")
                .isZero();

        // As long as it was, so that only the checksums tell the difference.
        write(new Path(source, "a"), 4, LENGTH);
        files.setTimes(new Path(source, "a"), 1_000_000, 2_000_000);
        write(new Path(copy, "d/stranger"), 5, 10);
        assertThat(copied("-update", "-delete", "-prbugpct", source.toString(), copy.toString()))
                .isEqualTo(1);
        assertThat(tree(copy)).isEqualTo(tree(source));
    }

    @Test
    void localFilesAreCopiedInAndBackOut() throws Exception {
        byte[] bytes = new byte[LENGTH];
        new Random(6).nextBytes(bytes);
        java.nio.file.Path in = Files.createDirectories(local.resolve("in/d"));
        Files.write(in.resolve("file"), bytes);
        Path copy = new Path(TOP, "in");
        String source = local.resolve("in").toUri().toString();

        assertThat(copied("-update", "-pt", source, copy.toString())).isEqualTo(1);
        assertThat(copied("-update", "-pt", source, copy.toString()))
                .as("again, by length")
                .isZero();
        String out = local.resolve("out").toUri().toString();
        assertThat(copied("-update", "-pt", copy.toString(), out)).isEqualTo(1);
        assertThat(local.resolve("out/d/file")).hasBinaryContent(bytes);
        assertThat(Files.getLastModifiedTime(local.resolve("out/d/file")).toMillis())
                .isEqualTo(files.getFileStatus(new Path(copy, "d/file")).getModificationTime());
    }

    private void write(Path file, int seed, int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        try (FSDataOutputStream out = files.create(file, true)) {
            out.write(bytes);
        }
    }

    /** Runs DistCp, which has to succeed; says how many files it did not skip. */
    private long copied(String... arguments) throws Exception {
        Configuration configuration = new Configuration(SharedCluster.get().configuration());
        configuration.set("mapreduce.framework.name", "local");
        configuration.set("mapreduce.jobtracker.staging.root.dir", "/distcp-staging");
        configuration.set("hadoop.tmp.dir", local.resolve("tmp").toString());
        // Hadoop looks every 5 seconds whether a job is over.
        configuration.setInt(Job.COMPLETION_POLL_INTERVAL_KEY, POLL_MS);
        CountedDistCp tool = new CountedDistCp(configuration);
        assertThat(ToolRunner.run(configuration, tool, arguments)).isZero();
        return tool.copied;
    }

    /** Keeps what its job counted. */
    private static final class CountedDistCp extends DistCp {
        private long copied;

        CountedDistCp(Configuration configuration) throws Exception {
            super(configuration, null);
        }

        @Override
        public Job createAndSubmitJob() throws Exception {
            Job job = super.createAndSubmitJob();
            boolean succeeded = job.waitForCompletion(false);
            assertThat(succeeded).as("the job").isTrue();
            copied = job.getCounters().findCounter(CopyMapper.Counter.COPY).getValue();
            return job;
        }
    }

    /** Everything below a directory that a copy with attributes has to have, too. */
    private Map<String, String> tree(Path top) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        RemoteIterator<LocatedFileStatus> all = files.listFiles(top, true);
        while (all.hasNext()) {
            LocatedFileStatus file = all.next();
            String name = top.toUri()
                    .relativize(new Path(file.getPath().toUri().getPath()).toUri())
                    .getPath();
            tree.put(
                    name,
                    file.getPermission() + " " + file.getOwner() + ":" + file.getGroup() + " " + file.getLen() + " r"
                            + file.getReplication() + " " + file.getModificationTime() + " "
                            + files.getFileChecksum(file.getPath()));
        }
        return tree;
    }
}
