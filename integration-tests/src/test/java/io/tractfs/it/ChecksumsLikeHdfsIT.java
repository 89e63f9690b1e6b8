package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.testkit.Await;
import io.tractfs.testkit.SharedCluster;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileChecksum;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.MD5MD5CRC32FileChecksum;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The checksums of the same bytes on TractFS and on HDFS itself, of both kinds, are the same in every respect. */
class ChecksumsLikeHdfsIT {
    private static final List<String> MODES = List.of("MD5MD5CRC", "COMPOSITE_CRC");
    private static final int MIB = 1 << 20;
    private static final Path FILE = new Path("/checksums/file");

    private static MiniDFSCluster hdfs;

    @BeforeAll
    static void startHdfs() throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(
                MiniDFSCluster.HDFS_MINIDFS_BASEDIR,
                new File(System.getProperty("tractfs.work"), "hdfs-checksums").getAbsolutePath());
        hdfs = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
        hdfs.waitActive();
    }

    @AfterAll
    static void stopHdfs() {
        hdfs.shutdown(true);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 513, MIB - 1, MIB, MIB + 1, 2 * MIB, 3 * MIB + 700, 4 * MIB, 5 * MIB})
    void areEqualWhateverTheLength(int length) throws Exception {
        assertEqualOfBoth(MIB, files -> write(files, FILE, MIB, bytes(length)), lengthsWithin(length, MIB));
    }

    @Test
    void areEqualWhereBlocksAndTractsCutEachOther() throws Exception {
        int block = 12 * MIB;
        int length = 29 * MIB + 333;
        assertEqualOfBoth(block, files -> write(files, FILE, block, bytes(length)), lengthsWithin(length, block));
    }

    @Test
    void areEqualAfterAppendsAndTruncations() throws Exception {
        byte[] all = bytes(3 * MIB);
        int[] ends = {700, 701, 1_024, 1_500, MIB - 3, MIB + 5, 2 * MIB, 2 * MIB + 511, all.length};
        Change change = files -> {
            write(files, FILE, MIB, Arrays.copyOf(all, 300));
            int at = 300;
            for (int end : ends) {
                append(files, all, at, end);
                // One byte too many, taken back: on TractFS this ends a segment at an odd length.
                append(files, new byte[1], 0, 1);
                truncate(files, end);
                at = end;
            }
        };
        assertEqualOfBoth(MIB, change, lengthsWithin(all.length, MIB));
        assertThat(content(tractfs("MD5MD5CRC"), all.length)).isEqualTo(all);
    }

    @Test
    void areEqualAfterConcatAsFarAsTheyDoNotDependOnBlocks() throws Exception {
        Change change = files -> {
            write(files, FILE, MIB, bytes(MIB));
            Path second = new Path(FILE.getParent(), "second");
            write(files, second, MIB, bytes(700));
            Path third = new Path(FILE.getParent(), "third");
            write(files, third, MIB, bytes(2 * MIB + 3));
            files.concat(FILE, new Path[] {second, third});
        };
        try (FileSystem ours = tractfs("COMPOSITE_CRC");
                FileSystem theirs = hdfs("COMPOSITE_CRC")) {
            change.make(ours);
            change.make(theirs);
            assertSame(ours.getFileChecksum(FILE), theirs.getFileChecksum(FILE), "concatenated");
        }
    }

    @Test
    void areRefusedWhereHdfsRefusesThem() throws Exception {
        for (String mode : MODES) {
            try (FileSystem ours = tractfs(mode);
                    FileSystem theirs = hdfs(mode)) {
                for (FileSystem files : List.of(ours, theirs)) {
                    files.mkdirs(FILE.getParent());
                    assertThatThrownBy(() -> files.getFileChecksum(new Path("/checksums/absent")))
                            .isInstanceOf(FileNotFoundException.class);
                    assertThatThrownBy(() -> files.getFileChecksum(FILE.getParent()))
                            .isInstanceOf(FileNotFoundException.class);
                    assertThatThrownBy(() -> files.getFileChecksum(FILE, -1))
                            .isInstanceOf(IllegalArgumentException.class);
                    try (FSDataOutputStream open = files.create(new Path("/checksums/open"), true)) {
                        open.write(1);
                        open.hflush();
                        assertThatThrownBy(() -> files.getFileChecksum(new Path("/checksums/open")))
                                .isInstanceOf(IOException.class)
                                .hasMessageContaining("under construction");
                    }
                }
            }
        }
    }

    /** What is done to the files of a file system. */
    private interface Change {
        void make(FileSystem files) throws Exception;
    }

    private static void assertEqualOfBoth(int block, Change change, long[] lengths) throws Exception {
        for (String mode : MODES) {
            try (FileSystem ours = tractfs(mode);
                    FileSystem theirs = hdfs(mode)) {
                if (mode.equals(MODES.get(0))) {
                    change.make(ours);
                    change.make(theirs);
                }
                assertSame(ours.getFileChecksum(FILE), theirs.getFileChecksum(FILE), mode + " of " + block);
                for (long length : lengths) {
                    String what = mode + " of the first " + length + " bytes in blocks of " + block;
                    assertSame(ours.getFileChecksum(FILE, length), theirs.getFileChecksum(FILE, length), what);
                }
            }
        }
    }

    private static void assertSame(FileChecksum ours, FileChecksum theirs, String what) {
        assertThat(ours).as(what).isEqualTo(theirs);
        assertThat(ours.getClass()).as(what).isEqualTo(theirs.getClass());
        assertThat(ours.getAlgorithmName()).as(what).isEqualTo(theirs.getAlgorithmName());
        assertThat(ours.getBytes()).as(what).isEqualTo(theirs.getBytes());
        assertThat(ours.getLength()).as(what).isEqualTo(theirs.getLength());
        assertThat(ours.toString()).as(what).isEqualTo(theirs.toString());
        assertThat(ours.getChecksumOpt().getBytesPerChecksum())
                .as(what)
                .isEqualTo(theirs.getChecksumOpt().getBytesPerChecksum());
        if (ours instanceof MD5MD5CRC32FileChecksum mine) {
            assertThat(mine.getCrcType()).as(what).isEqualTo(((MD5MD5CRC32FileChecksum) theirs).getCrcType());
        }
    }

    private static long[] lengthsWithin(int length, int block) {
        return new long[] {
            0,
            1,
            511,
            512,
            513,
            700,
            block - 1,
            block,
            block + 1,
            length / 2,
            Math.max(0, length - 1),
            length,
            length + 1L
        };
    }

    private static FileSystem tractfs(String mode) throws IOException {
        Configuration configuration = SharedCluster.get().configuration();
        configuration.set("dfs.checksum.combine.mode", mode);
        return FileSystem.newInstance(SharedCluster.get().uri(), configuration);
    }

    private static FileSystem hdfs(String mode) throws IOException {
        Configuration configuration = new Configuration(hdfs.getConfiguration(0));
        configuration.set("dfs.checksum.combine.mode", mode);
        return FileSystem.newInstance(hdfs.getURI(), configuration);
    }

    private static void write(FileSystem files, Path file, int block, byte[] bytes) throws IOException {
        try (FSDataOutputStream out = files.create(file, true, 4096, (short) 1, block)) {
            out.write(bytes);
        }
    }

    private static void append(FileSystem files, byte[] bytes, int from, int to) throws IOException {
        try (FSDataOutputStream out = files.append(FILE)) {
            out.write(bytes, from, to - from);
        }
    }

    /** HDFS recovers the last block after it has answered, when the data node has asked what there is to do. */
    private static void truncate(FileSystem files, long length) throws Exception {
        boolean done = files.truncate(FILE, length);
        if (!done && files instanceof DistributedFileSystem theirs) {
            Await.until("HDFS has cut the last block", () -> {
                hdfs.triggerHeartbeats();
                return theirs.isFileClosed(FILE);
            });
        }
    }

    private static byte[] content(FileSystem files, int length) throws IOException {
        byte[] bytes = new byte[length];
        try (files;
                var in = files.open(FILE)) {
            in.readFully(bytes);
        }
        return bytes;
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
