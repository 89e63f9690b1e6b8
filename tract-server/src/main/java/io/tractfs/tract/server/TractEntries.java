package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.tract.format.ReplicationChange;
import io.tractfs.tract.store.TractState;
import io.tractfs.tract.store.TractState.Span;
import io.tractfs.wire.proto.TractEntry;
import io.tractfs.wire.proto.TractKey;
import java.util.ArrayList;
import java.util.List;

/** A tract's state in a row's list, to message and back. Stateless, thread-safe. */
final class TractEntries {
    private TractEntries() {}

    static TractEntry encode(TractState state) {
        TractEntry.Builder entry = TractEntry.newBuilder()
                .setKey(key(state.tract()))
                .setLength(state.length())
                .setGeneration(state.generation().value())
                .setVersion(state.version().value())
                .setReplication(state.replication())
                .setTractSize(state.tractSize())
                .setAcknowledgedLength(state.acknowledgedLength())
                .setChange(state.change().number())
                .setOtherReplication(state.change().other());
        for (Span bad : state.damaged()) {
            entry.addDamaged(bad.from()).addDamaged(bad.to());
        }
        return entry.build();
    }

    static TractKey key(TractId tract) {
        return TractKey.newBuilder()
                .setBlob(tract.blob().value())
                .setIndex(tract.index())
                .build();
    }

    static TractId tract(TractKey key) throws TractException {
        if (key.getIndex() < 0) {
            throw new TractException(ErrorCode.MALFORMED, "index of a tract is out of range: " + key);
        }
        return new TractId(new BlobId(key.getBlob()), key.getIndex());
    }

    /** Reads a step of a change of the replication (P33). */
    static ReplicationChange change(int number, int other) throws TractException {
        if (number < 0 || number > ReplicationChange.MAX_NUMBER || other < 0 || other > WriteChecks.MAX_REPLICATION) {
            throw new TractException(
                    ErrorCode.MALFORMED, "change of a replication is out of range: " + number + ", " + other);
        }
        return new ReplicationChange(number, other);
    }

    static TractState decode(TractEntry entry) throws TractException {
        if (entry.getKey().getIndex() < 0 || entry.getLength() < 0 || entry.getGeneration() < 0) {
            throw new TractException(ErrorCode.MALFORMED, "tract entry is out of range: " + entry.getKey());
        }
        List<Span> damaged = new ArrayList<>();
        for (int i = 0; i + 1 < entry.getDamagedCount(); i += 2) {
            damaged.add(new Span(entry.getDamaged(i), entry.getDamaged(i + 1)));
        }
        return new TractState(
                new TractId(new BlobId(entry.getKey().getBlob()), entry.getKey().getIndex()),
                entry.getLength(),
                List.of(),
                new Generation(entry.getGeneration()),
                new RowVersion(entry.getVersion()),
                entry.getReplication(),
                entry.getTractSize(),
                entry.getAcknowledgedLength(),
                damaged,
                change(entry.getChange(), entry.getOtherReplication()));
    }
}
