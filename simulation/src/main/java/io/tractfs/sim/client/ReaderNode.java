package io.tractfs.sim.client;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.error.ErrorCode;
import io.tractfs.id.Incarnation;
import io.tractfs.id.TractId;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.Segment;
import io.tractfs.sim.check.NamespaceChecker;
import io.tractfs.sim.kernel.Outcome;
import io.tractfs.sim.kernel.SimulatedProcess;
import io.tractfs.sim.kernel.Violation;
import io.tractfs.sim.protocol.Peers.StorePeer;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.sim.protocol.StoreService.Address;
import io.tractfs.sim.protocol.StoreService.Bytes;
import io.tractfs.sim.protocol.StoreService.Read;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.table.TableImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process that opens files, also such as are being written, reads ranges from any member that has them, and checks every
 * byte (I7). A short answer makes it refresh its table and go elsewhere. Not thread-safe.
 */
public final class ReaderNode {
    private static final long CALL_NANOS = 1_000_000_000;
    private static final int MOST_BYTES = 1_500;
    private static final int READS_PER_FALSE_COMPLAINT = 50;
    private static final int MOST_ATTEMPTS = 30;

    private final ClientParts parts;
    private final Paths paths;
    private MetadataCaller metadata;
    private ClientTable table;
    private long reads;
    private long tails;
    private long waitingSinceNanos = -1;

    /** A stretch of one tract. Immutable. */
    private record Wanted(TractId tract, int replication, int offset, int length) {}

    /** A reader that has not started. */
    public ReaderNode(ClientParts parts, Paths paths) {
        this.parts = parts;
        this.paths = paths;
        this.metadata = new MetadataCaller(parts);
        this.table = new ClientTable(metadata);
    }

    /** Its process. */
    public SimulatedProcess process() {
        return parts.process();
    }

    /** Ranges that were read. */
    public long reads() {
        return reads;
    }

    /** Tails of open files whose length was found. */
    public long tails() {
        return tails;
    }

    /** Since when the present read is under way; negative if none is. */
    public long waitingSinceNanos() {
        return waitingSinceNanos;
    }

    /** Starts a life. */
    public void start() {
        process().start();
        waitingSinceNanos = -1;
        metadata = new MetadataCaller(parts);
        table = new ClientTable(metadata);
        table.await(image -> pause(), retry -> process().after(50_000_000, retry));
    }

    private void pause() {
        waitingSinceNanos = -1;
        process().after(parts.random().nextInt(60) * 1_000_000L, this::next);
    }

    private void next() {
        String path = paths.draw(parts.random());
        NamespaceChecker namespace = parts.checks().namespace();
        long since = namespace.index();
        metadata.<FileStatus>once("open " + path, (server, answer) -> server.open(path, answer), outcome -> {
            if (outcome instanceof Outcome.Answered<FileStatus> answered) {
                FileStatus status = answered.value();
                namespace.told(path, since, status);
                waitingSinceNanos = parts.time().nowNanos();
                opened(status);
            } else {
                if (outcome instanceof Outcome.Failed<FileStatus> failed
                        && failed.error().code() == ErrorCode.NOT_FOUND) {
                    namespace.told(path, since, null);
                }
                pause();
            }
        });
    }

    private void opened(FileStatus status) {
        if (!status.open()) {
            read(status.segments(), status.length());
            return;
        }
        Segment last = status.segments().get(status.segments().size() - 1);
        io.tractfs.client.Segment tail = new io.tractfs.client.Segment(
                last.blob(), last.length(), parts.truth().tractSize(), last.replication(), last.ended());
        new TailAsker(
                        parts,
                        table,
                        tail,
                        status.window(),
                        length -> {
                            tails++;
                            parts.checks().durability().seen(last.blob(), length);
                            read(status.segments(), status.length() - last.length() + length);
                        },
                        this::pause)
                .run();
    }

    private void read(List<Segment> segments, long length) {
        if (length > 0) {
            read(choose(segments, length), 0);
        } else {
            pause();
        }
    }

    private Wanted choose(List<Segment> segments, long fileLength) {
        long offset = parts.random().nextLong(fileLength);
        int at = 0;
        while (at < segments.size() - 1 && offset >= segments.get(at).length()) {
            offset -= segments.get(at).length();
            fileLength -= segments.get(at).length();
            at++;
        }
        Segment segment = segments.get(at);
        long end = at == segments.size() - 1 ? fileLength : segment.length();
        int size = parts.truth().tractSize();
        int inTract = (int) (offset % size);
        long left = Math.min(size - inTract, end - offset);
        int length = (int) Math.min(left, 1 + parts.random().nextInt(MOST_BYTES));
        return new Wanted(new TractId(segment.blob(), (int) (offset / size)), segment.replication(), inTract, length);
    }

    private void read(Wanted wanted, int attempt) {
        if (parts.truth().find(wanted.tract().blob()) == null) {
            pause(); // The file was deleted meanwhile: nobody has to have its bytes any more.
            return;
        }
        TableImage image = table.current().orElseThrow();
        Row row = image.rowOf(wanted.tract());
        List<StoreRef> members = members(row, wanted.replication());
        if (members.isEmpty()) {
            again(wanted, attempt);
            return;
        }
        StoreRef member = members.get(attempt % members.size());
        Address address =
                new Address(new StoreRef(member.store(), Incarnation.NONE), wanted.tract(), row.index(), row.version());
        StorePeer store = parts.peers().store(member.store());
        parts.network()
                .<Bytes>call(
                        process(),
                        store.process(),
                        "read " + wanted.tract() + " " + wanted.offset() + "+" + wanted.length(),
                        CALL_NANOS,
                        answer ->
                                store.service().read(new Read(address, wanted.offset(), wanted.length(), true), answer),
                        outcome -> {
                            if (outcome instanceof Outcome.Answered<Bytes> bytes && !verifies(wanted, bytes.value())) {
                                complain(store, address);
                                again(wanted, attempt);
                            } else if (outcome instanceof Outcome.Answered<Bytes> bytes
                                    && covers(bytes.value(), wanted)) {
                                check(wanted, bytes.value(), member);
                                if (++reads % READS_PER_FALSE_COMPLAINT == 0) {
                                    complain(store, address); // Its own memory went wrong, not the store's disk.
                                }
                                pause();
                            } else {
                                again(wanted, attempt);
                            }
                        });
    }

    /** Whether the bytes are what their checksums were made of. */
    private boolean verifies(Wanted wanted, Bytes bytes) {
        return parts.off().contains(Rule.READERS_VERIFY)
                || ChunkChecksums.firstBad(
                                wanted.tract(),
                                bytes.offset() / ChunkChecksums.CHUNK_SIZE,
                                ByteBuffer.wrap(bytes.data()),
                                ByteBuffer.wrap(bytes.checksums()))
                        < 0;
    }

    private void complain(StorePeer store, Address address) {
        parts.network()
                .<Boolean>call(
                        process(),
                        store.process(),
                        "damage of " + address.tract(),
                        CALL_NANOS,
                        answer -> store.service().damage(address, answer),
                        outcome -> {});
    }

    private void again(Wanted wanted, int attempt) {
        if (attempt > MOST_ATTEMPTS && parts.checks().durability().isStruck(wanted.tract())) {
            pause(); // The bytes went wrong on one disk, and the others may be gone.
            return;
        }
        long pause = (1L + parts.random().nextInt(40)) * 1_000_000;
        table.refresh(() -> process().after(pause, () -> read(wanted, attempt + 1)));
    }

    /** Holders of the class first. */
    private static List<StoreRef> members(Row row, int replication) {
        List<StoreRef> holders = new ArrayList<>();
        List<StoreRef> others = new ArrayList<>();
        int replicationClass = row.classOf(replication);
        for (int column = 0; column < replicationClass; column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null) {
                (member.holds(replicationClass) ? holders : others).add(member.ref());
            }
        }
        holders.addAll(others);
        return holders;
    }

    private static boolean covers(Bytes bytes, Wanted wanted) {
        return bytes.offset() + bytes.data().length >= wanted.offset() + wanted.length();
    }

    private void check(Wanted wanted, Bytes bytes, StoreRef member) {
        int from = wanted.offset() - bytes.offset();
        byte[] got = Arrays.copyOfRange(bytes.data(), from, from + wanted.length());
        if (!Arrays.equals(got, parts.truth().contents(wanted.tract(), wanted.offset(), wanted.length()))) {
            throw new Violation("I7", "wrong bytes of " + wanted + " from " + member);
        }
    }
}
