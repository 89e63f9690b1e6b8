package io.tractfs.sim.client;

import io.tractfs.id.Incarnation;
import io.tractfs.id.TractId;
import io.tractfs.sim.check.Truth;
import io.tractfs.sim.kernel.Outcome;
import io.tractfs.sim.kernel.SimulatedProcess;
import io.tractfs.sim.kernel.Violation;
import io.tractfs.sim.protocol.MetadataService.FileRecord;
import io.tractfs.sim.protocol.MetadataService.SegmentRecord;
import io.tractfs.sim.protocol.Peers.StorePeer;
import io.tractfs.sim.protocol.StoreService.Address;
import io.tractfs.sim.protocol.StoreService.Bytes;
import io.tractfs.sim.protocol.StoreService.Read;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.table.TableImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process that reads ranges of files whose length the namespace knows, from any member that has them, and checks every
 * byte (I7). A short answer makes it refresh its table and go elsewhere. Not thread-safe.
 */
public final class ReaderNode {
    private static final long CALL_NANOS = 1_000_000_000;
    private static final int MOST_BYTES = 1_500;

    private final ClientParts parts;
    private final List<Long> files;
    private MetadataCaller metadata;
    private ClientTable table;
    private long reads;
    private long waitingSinceNanos = -1;

    /** A stretch of one tract that a file has at some offset. Immutable. */
    private record Wanted(FileRecord file, TractId tract, int offset, int length, long fileOffset) {}

    /** A reader that has not started. */
    public ReaderNode(ClientParts parts, List<Long> files) {
        this.parts = parts;
        this.files = files;
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
        if (files.isEmpty()) {
            pause();
            return;
        }
        long file = files.get(parts.random().nextInt(files.size()));
        metadata.<FileRecord>once("file " + file, (server, answer) -> server.file(file, answer), outcome -> {
            if (outcome instanceof Outcome.Answered<FileRecord> record
                    && record.value().length() > 0) {
                waitingSinceNanos = parts.time().nowNanos();
                read(choose(record.value()), 0);
            } else {
                pause();
            }
        });
    }

    private Wanted choose(FileRecord file) {
        long offset = parts.random().nextLong(file.length());
        SegmentRecord segment = file.last();
        for (SegmentRecord one : file.segments()) {
            if (offset >= one.start() && offset < one.start() + one.length()) {
                segment = one;
            }
        }
        int size = parts.truth().tractSize();
        long within = offset - segment.start();
        int inTract = (int) (within % size);
        long left = Math.min(size - inTract, segment.length() - within);
        int length = (int) Math.min(left, 1 + parts.random().nextInt(MOST_BYTES));
        return new Wanted(file, new TractId(segment.blob(), (int) (within / size)), inTract, length, offset);
    }

    private void read(Wanted wanted, int attempt) {
        TableImage image = table.current().orElseThrow();
        Row row = image.rowOf(wanted.tract());
        List<StoreRef> members = members(row, wanted.file().replication());
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
                            if (outcome instanceof Outcome.Answered<Bytes> bytes && covers(bytes.value(), wanted)) {
                                check(wanted, bytes.value(), member);
                                reads++;
                                pause();
                            } else {
                                again(wanted, attempt);
                            }
                        });
    }

    private void again(Wanted wanted, int attempt) {
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

    private static void check(Wanted wanted, Bytes bytes, StoreRef member) {
        int from = wanted.offset() - bytes.offset();
        byte[] got = Arrays.copyOfRange(bytes.data(), from, from + wanted.length());
        if (!Arrays.equals(got, Truth.contents(wanted.file().file(), wanted.fileOffset(), wanted.length()))) {
            throw new Violation("I7", "wrong bytes of " + wanted + " from " + member);
        }
    }
}
