package io.tractfs.bench.bare;

import io.tractfs.bench.plan.Case;
import io.tractfs.bench.plan.Location;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Measures what the machine gives without a file system of ours between. Confined to the conductor's thread. */
public final class BarePaths {
    private static final int MIB = 1 << 20;
    private static final int FILE_BYTES = 128 * MIB;
    private static final int PAGE = 4 << 10;
    private static final int RECORD = 128;
    private static final int MESSAGE = 64;

    private final Path directory;

    /** Measures on the disk of a directory. */
    public BarePaths(Path directory) {
        this.directory = directory;
    }

    /** All of them by name: bytes in 10⁶ a second, or calls a second. */
    public Map<String, Double> measure(long millis) throws IOException {
        Path file = directory.resolve("bare.data");
        Map<String, BareMeasure> measures = new LinkedHashMap<>();
        for (int threads : List.of(1, 8)) {
            measures.put("loopback round trips, " + threads, time -> roundTrips(threads, time));
            measures.put("pread 4 KiB, " + threads, time -> reads(file, threads, PAGE, time));
        }
        for (int threads : List.of(1, 4)) {
            measures.put("loopback stream MB/s, " + threads, time -> streams(threads, time) / 1e6);
            measures.put("page cache read MB/s, " + threads, time -> MIB / 1e6 * reads(file, threads, MIB, time));
            measures.put("sendfile MB/s, " + threads, time -> sendFile(file, threads, time) / 1e6);
        }
        measures.put("page cache write MB/s", time -> fileWrite(time) / 1e6);
        measures.put("memory copy MB/s", time -> copies(time) / 1e6);
        measures.put("fdatasync after append", this::appends);
        Files.write(file, new byte[0]);
        Map<String, Double> results = new LinkedHashMap<>();
        try {
            fill(file);
            for (Map.Entry<String, BareMeasure> measure : measures.entrySet()) {
                results.put(measure.getKey(), measure.getValue().perSecond(millis));
            }
        } finally {
            Files.deleteIfExists(file);
        }
        return results;
    }

    /** The measure that bounds a row. */
    public static String boundOf(Case one) {
        boolean local = one.location() == Location.LOCAL;
        String calls = one.threads() == 1 ? "1" : "8";
        String streams = one.threads() == 1 ? "1" : "4";
        return switch (one.family()) {
            case WRITE -> "page cache write MB/s";
            case READ -> (local ? "page cache read MB/s, " : "loopback stream MB/s, ") + streams;
            case PREAD_4K, PREAD_64K -> (local ? "pread 4 KiB, " : "loopback round trips, ") + calls;
            case NAMESPACE, CREATE_4K, HSYNC -> "fdatasync after append";
            case OPEN_4K, STAT, LIST, HFLUSH -> "loopback round trips, " + calls;
        };
    }

    private static void fill(Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(MIB);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int written = 0; written < FILE_BYTES; written += MIB) {
                buffer.clear();
                channel.write(buffer);
            }
        }
    }

    private static double roundTrips(int threads, long millis) throws IOException {
        return onPeers(threads, true, millis, peer -> {
            ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE);
            return () -> {
                message.clear();
                peer.channel().write(message);
                message.clear();
                while (message.hasRemaining()) {
                    peer.channel().read(message);
                }
                return 1;
            };
        });
    }

    private static double streams(int threads, long millis) throws IOException {
        return onPeers(threads, false, millis, peer -> {
            ByteBuffer buffer = ByteBuffer.allocateDirect(MIB);
            return () -> {
                buffer.clear();
                return peer.channel().write(buffer);
            };
        });
    }

    private static double sendFile(Path file, int threads, long millis) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return onPeers(threads, false, millis, peer -> {
                long[] position = new long[1];
                return () -> {
                    long sent = channel.transferTo(position[0], MIB, peer.channel());
                    position[0] = (position[0] + sent) % FILE_BYTES;
                    return sent;
                };
            });
        }
    }

    /** What to do with a connection. */
    private interface OnPeer {
        Loops.Call call(LoopbackPeer peer);
    }

    private static double onPeers(int threads, boolean echo, long millis, OnPeer use) throws IOException {
        List<LoopbackPeer> peers = new ArrayList<>();
        try {
            List<Loops.Call> calls = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                LoopbackPeer peer = new LoopbackPeer(echo);
                peers.add(peer);
                calls.add(use.call(peer));
            }
            return Loops.perSecond(calls, millis);
        } finally {
            for (LoopbackPeer peer : peers) {
                peer.close();
            }
        }
    }

    private static double reads(Path file, int threads, int size, long millis) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            List<Loops.Call> calls = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(size);
                Random random = new Random(thread);
                calls.add(() -> {
                    buffer.clear();
                    channel.read(buffer, random.nextInt(FILE_BYTES / size) * (long) size);
                    return 1;
                });
            }
            return Loops.perSecond(calls, millis);
        }
    }

    private static double copies(long millis) throws IOException {
        ByteBuffer from = ByteBuffer.allocateDirect(64 * MIB);
        ByteBuffer to = ByteBuffer.allocateDirect(64 * MIB);
        return Loops.perSecond(
                List.of(() -> {
                    to.put(0, from, 0, 64 * MIB);
                    return 64 * MIB;
                }),
                millis);
    }

    private double fileWrite(long millis) throws IOException {
        return onNewFile("bare.write", channel -> {
            ByteBuffer buffer = ByteBuffer.allocateDirect(MIB);
            long[] position = new long[1];
            return Loops.perSecond(
                    List.of(() -> {
                        buffer.clear();
                        channel.write(buffer, position[0]);
                        position[0] = (position[0] + MIB) % (4L * FILE_BYTES);
                        return MIB;
                    }),
                    millis);
        });
    }

    private double appends(long millis) throws IOException {
        return onNewFile("bare.log", channel -> {
            ByteBuffer record = ByteBuffer.allocateDirect(RECORD);
            return Loops.perSecond(
                    List.of(() -> {
                        record.clear();
                        channel.write(record);
                        channel.force(false);
                        return 1;
                    }),
                    millis);
        });
    }

    /** What to do with a file. */
    private interface OnFile {
        double measure(FileChannel channel) throws IOException;
    }

    private double onNewFile(String name, OnFile use) throws IOException {
        Path file = directory.resolve(name);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            return use.measure(channel);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
