package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.SharedCluster;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BatchListingOperations;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileRange;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.PartialListing;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What streams do at every edge, on TractFS and on HDFS itself: the same answers, the same kinds of exceptions. */
class StreamsLikeHdfsIT {
    private static final int LENGTH = 1_000;
    private static final Path FILE = new Path("/streams/file");

    /** What HDFS does that TractFS does not, and why. */
    private static final Map<String, String> EXEMPT = Map.of(
            "write after close: written", // HDFS keeps the byte in a buffer of which nobody asks any more.
            "write after close: java.nio.channels.ClosedChannelException");

    private static MiniDFSCluster hdfs;

    @BeforeAll
    static void startHdfs() throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(
                MiniDFSCluster.HDFS_MINIDFS_BASEDIR,
                new File(
                                System.getProperty("tractfs.work"),
                                "hdfs-streams-" + ProcessHandle.current().pid())
                        .getAbsolutePath());
        hdfs = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
        hdfs.waitActive();
    }

    @AfterAll
    static void stopHdfs() {
        hdfs.shutdown(true);
    }

    /** Something that is done with an open input. */
    private interface Reading {
        Object with(FSDataInputStream in) throws Exception;
    }

    /** Something that is done with an open output. */
    private interface Writing {
        Object with(FSDataOutputStream out) throws Exception;
    }

    private static Map<String, Reading> readings() {
        Map<String, Reading> all = new LinkedHashMap<>();
        for (long position : new long[] {-1, 0, 1, LENGTH - 1, LENGTH, LENGTH + 1}) {
            all.put("seek " + position, in -> {
                in.seek(position);
                return in.getPos() + " " + in.read() + " " + in.getPos();
            });
            all.put("skip " + position, in -> in.skip(position) + " at " + in.getPos());
            all.put("pread " + position, in -> in.read(position, new byte[10], 0, 10) + " at " + in.getPos());
            all.put("pread nothing " + position, in -> in.read(position, new byte[10], 0, 0));
            all.put("preadFully " + position, in -> {
                in.readFully(position, new byte[2], 0, 2);
                return in.getPos();
            });
            all.put("byte buffer pread " + position, in -> in.read(position, ByteBuffer.allocate(10)));
            all.put("direct buffer pread " + position, in -> {
                ByteBuffer target = ByteBuffer.allocateDirect(20).position(3).limit(13);
                return in.read(position, target) + " " + target.position() + " " + target.limit() + " " + in.getPos();
            });
            all.put("direct buffer preadFully " + position, in -> {
                in.readFully(position, ByteBuffer.allocateDirect(2));
                return in.getPos();
            });
            all.put("byte buffer preadFully nothing " + position, in -> {
                in.readFully(position, ByteBuffer.allocate(0));
                return in.getPos();
            });
            all.put("seekToNewSource " + position, in -> in.seekToNewSource(position));
        }
        all.put("read beyond the array", in -> in.read(new byte[10], 5, 6));
        all.put("read to a negative offset", in -> in.read(new byte[10], -1, 6));
        all.put("read nothing", in -> in.read(new byte[10], 5, 0));
        all.put("read nothing at the end", in -> {
            in.seek(LENGTH);
            return in.read(new byte[10], 5, 0) + " " + in.read(new byte[10]) + " " + in.read();
        });
        all.put("pread beyond the array", in -> in.read(0, new byte[10], 5, 6));
        all.put("pread at the end", in -> in.read(LENGTH - 3L, new byte[10], 0, 10));
        all.put("available", in -> in.available());
        all.put("available at the end", in -> {
            in.seek(LENGTH);
            return in.available();
        });
        all.put("mark", in -> in.markSupported());
        all.put("byte buffer", in -> {
            ByteBuffer target = ByteBuffer.allocate(20);
            target.position(3).limit(13);
            int count = in.read(target);
            return count + " " + target.position() + " " + target.limit() + " " + in.getPos();
        });
        all.put("byte buffer without room", in -> in.read(ByteBuffer.allocate(0)));
        all.put("byte buffer at the end", in -> {
            in.seek(LENGTH);
            return in.read(ByteBuffer.allocate(5));
        });
        all.put("unbuffer and on", in -> {
            in.read();
            in.unbuffer();
            in.unbuffer();
            return in.read() + " " + in.getPos();
        });
        all.put("close twice", in -> {
            in.close();
            in.close();
            return "closed";
        });
        all.put("read after close", in -> closed(in).read());
        all.put("read array after close", in -> closed(in).read(new byte[3]));
        all.put("pread after close", in -> closed(in).read(0, new byte[3], 0, 3));
        all.put("seek after close", in -> {
            closed(in).seek(1);
            return "sought";
        });
        all.put("skip after close", in -> closed(in).skip(1));
        all.put("available after close", in -> closed(in).available());
        all.put("byte buffer after close", in -> closed(in).read(ByteBuffer.allocate(3)));
        all.put("unbuffer after close", in -> {
            closed(in).unbuffer();
            return "done";
        });
        all.put("vectored", in -> vectored(in, 10, 20, 500, 100, 990, 10));
        all.put("vectored in no order", in -> vectored(in, 500, 100, 10, 20));
        all.put("vectored nothing", in -> vectored(in));
        all.put("vectored empty range", in -> vectored(in, 10, 0));
        all.put("vectored before the file", in -> vectored(in, -1, 10));
        all.put("vectored beyond the file", in -> vectored(in, LENGTH - 5, 10));
        all.put("vectored at the end", in -> vectored(in, LENGTH, 0, LENGTH - 1, 1));
        all.put("vectored behind the end", in -> vectored(in, LENGTH, 1));
        all.put("vectored side by side", in -> vectored(in, 100, 100, 0, 100));
        all.put("vectored of negative length", in -> vectored(in, 0, -1));
        all.put("vectored without a list", in -> {
            in.readVectored(null, ByteBuffer::allocate);
            return "read";
        });
        all.put("vectored overlapping", in -> vectored(in, 10, 20, 15, 20));
        all.put("vectored twice the same", in -> vectored(in, 10, 20, 10, 20));
        all.put("hints", in -> {
            in.setReadahead(0L);
            in.setReadahead(1L << 20);
            in.setDropBehind(true);
            return in.read();
        });
        return all;
    }

    /** Ranges are given by offset and length. */
    private static String vectored(FSDataInputStream in, int... numbers) throws Exception {
        List<FileRange> ranges = new ArrayList<>();
        for (int i = 0; i < numbers.length; i += 2) {
            ranges.add(FileRange.createFileRange(numbers[i], numbers[i + 1]));
        }
        in.readVectored(ranges, ByteBuffer::allocate);
        StringBuilder sizes = new StringBuilder();
        for (FileRange range : ranges) {
            sizes.append(range.getData().get(1, TimeUnit.MINUTES).remaining()).append(' ');
        }
        return sizes.append("at ").append(in.getPos()).toString();
    }

    private static Map<String, Writing> writings() {
        Map<String, Writing> all = new LinkedHashMap<>();
        all.put("position", out -> {
            out.write(1);
            out.write(new byte[10], 2, 3);
            return out.getPos();
        });
        all.put("write beyond the array", out -> {
            out.write(new byte[10], 5, 6);
            return "written";
        });
        all.put("write to a negative offset", out -> {
            out.write(new byte[10], -1, 6);
            return "written";
        });
        all.put("write nothing", out -> {
            out.write(new byte[0]);
            out.hflush();
            out.hsync();
            return out.getPos();
        });
        all.put("close twice", out -> {
            out.close();
            out.close();
            return out.getPos();
        });
        all.put("write after close", out -> {
            closed(out).write(1);
            return "written";
        });
        all.put("write array after close", out -> {
            closed(out).write(new byte[3]);
            return "written";
        });
        all.put("hflush after close", out -> {
            closed(out).hflush();
            return "flushed";
        });
        all.put("hsync after close", out -> {
            closed(out).hsync();
            return "flushed";
        });
        all.put("flush after close", out -> {
            closed(out).flush();
            return "flushed";
        });
        all.put("hints", out -> {
            out.setDropBehind(true);
            return "hinted";
        });
        return all;
    }

    @Test
    void readAlike() throws Exception {
        assertAlike(files -> {
            List<String> outcomes = new ArrayList<>();
            for (Map.Entry<String, Reading> reading : readings().entrySet()) {
                try (FSDataInputStream in = files.open(FILE)) {
                    outcomes.add(
                            outcome(reading.getKey(), () -> reading.getValue().with(in)));
                }
            }
            return outcomes;
        });
    }

    @Test
    void writeAlike() throws Exception {
        assertAlike(files -> {
            List<String> outcomes = new ArrayList<>();
            for (Map.Entry<String, Writing> writing : writings().entrySet()) {
                Path path = new Path(FILE.getParent(), "written");
                try (FSDataOutputStream out = files.create(path, true)) {
                    outcomes.add(
                            outcome(writing.getKey(), () -> writing.getValue().with(out)));
                }
                outcomes.add(
                        writing.getKey() + " left " + files.getFileStatus(path).getLen());
            }
            return outcomes;
        });
    }

    @Test
    void readEmptyFilesAlike() throws Exception {
        assertAlike(files -> {
            Path empty = new Path(FILE.getParent(), "empty");
            files.create(empty, true).close();
            List<String> outcomes = new ArrayList<>();
            try (FSDataInputStream in = files.open(empty)) {
                outcomes.add(outcome("read", in::read));
                outcomes.add(outcome("available", in::available));
                outcomes.add(outcome("pread", () -> in.read(0, new byte[1], 0, 1)));
                outcomes.add(outcome("seek", () -> {
                    in.seek(0);
                    return in.getPos();
                }));
                outcomes.add(outcome("seek beyond", () -> {
                    in.seek(1);
                    return in.getPos();
                }));
            }
            return outcomes;
        });
    }

    /** What is made of one file system. */
    private interface Trial {
        List<String> on(FileSystem files) throws Exception;
    }

    @Test
    void severalDirectoriesAreListedAtOnceAndOneThatIsMissingHoldsUpNoOther() throws Exception {
        assertAlike(files -> {
            Path top = new Path("/batch");
            files.delete(top, true);
            files.mkdirs(new Path(top, "empty"));
            for (int i = 0; i < 5; i++) {
                files.create(new Path(top, "d/f" + i)).close();
            }
            RemoteIterator<PartialListing<FileStatus>> parts = ((BatchListingOperations) files)
                    .batchedListStatusIterator(List.of(
                            new Path(top, "d"),
                            new Path(top, "missing"),
                            new Path(top, "empty"),
                            new Path(top, "d/f0")));
            Map<String, List<String>> names = new TreeMap<>();
            while (parts.hasNext()) {
                PartialListing<FileStatus> part = parts.next();
                List<String> of =
                        names.computeIfAbsent(part.getListedPath().toUri().getPath(), unused -> new ArrayList<>());
                try {
                    part.get().forEach(status -> of.add(status.getPath().getName()));
                } catch (IOException e) {
                    of.add(e.getClass().getName());
                }
            }
            return List.of(names.toString());
        });
    }

    private static void assertAlike(Trial trial) throws Exception {
        List<String> theirs;
        try (FileSystem files = FileSystem.newInstance(hdfs.getURI(), hdfs.getConfiguration(0))) {
            theirs = prepared(files, trial);
        }
        try (FileSystem files = SharedCluster.get().newFileSystem()) {
            assertThat(prepared(files, trial))
                    .isEqualTo(theirs.stream()
                            .map(line -> EXEMPT.getOrDefault(line, line))
                            .toList());
        }
    }

    private static List<String> prepared(FileSystem files, Trial trial) throws Exception {
        byte[] bytes = new byte[LENGTH];
        Arrays.fill(bytes, (byte) 7);
        try (FSDataOutputStream out = files.create(FILE, true)) {
            out.write(bytes);
        }
        return trial.on(files);
    }

    /** A result, or the kind of exception. */
    private static String outcome(String name, Callable<Object> call) {
        try {
            return name + ": " + call.call();
        } catch (ExecutionException e) {
            return name + ": later "
                    + Objects.requireNonNull(e.getCause()).getClass().getName();
        } catch (Exception e) {
            return name + ": " + e.getClass().getName();
        }
    }

    private static FSDataInputStream closed(FSDataInputStream in) throws IOException {
        in.close();
        return in;
    }

    private static FSDataOutputStream closed(FSDataOutputStream out) throws IOException {
        out.close();
        return out;
    }
}
