package io.tractfs.metadata.namespace;

import io.tractfs.id.Epoch;
import io.tractfs.id.Lineage;
import io.tractfs.metadata.proto.CountersRecord;
import java.util.List;

/** {@link Counters} as stored. Immutable. */
final class CountersCodec {
    private static final int FORMAT_VERSION = 1;

    private CountersCodec() {}

    /** Writes the counters. */
    static byte[] encode(Counters counters) {
        return CountersRecord.newBuilder()
                .setFormatVersion(FORMAT_VERSION)
                .setAppliedTerm(counters.applied.term())
                .setAppliedIndex(counters.applied.index())
                .setTimeMs(counters.timeMs)
                .setNextFile(counters.nextFile)
                .setEpoch(counters.epoch.value())
                .setLineage(Records.bytes(counters.lineage.value()))
                .setNextBlob(counters.nextBlob)
                .setGarbageStart(counters.garbageStart)
                .setGarbageHead(counters.garbageHead)
                .setInodeCount(counters.inodeCount)
                .setDetachedCount(counters.detachedCount)
                .setSessionCount(counters.sessionCount)
                .setRestoring(counters.restoring)
                .setEndedBefore(counters.endedBefore.value())
                .setDeletesHeld(counters.deletesHeld)
                .setLifted(counters.lifted.value())
                .addAllWithout(counters.without)
                .setRestores(counters.restores)
                .build()
                .toByteArray();
    }

    /** Reads the counters. */
    static Counters decode(byte[] bytes) {
        CountersRecord record = Records.parse(CountersRecord.parser(), bytes);
        if (record.getFormatVersion() != FORMAT_VERSION) {
            throw new StoredFormatException("The namespace has format version " + record.getFormatVersion()
                    + ", this software knows " + FORMAT_VERSION);
        }
        return Records.decode("The namespace's counters", () -> decode(record));
    }

    private static Counters decode(CountersRecord record) {
        Counters counters = new Counters();
        counters.applied = new LogPosition(record.getAppliedTerm(), record.getAppliedIndex());
        counters.timeMs = record.getTimeMs();
        counters.nextFile = record.getNextFile();
        counters.epoch = new Epoch(record.getEpoch());
        counters.lineage = new Lineage(Records.uuid(record.getLineage()));
        counters.nextBlob = record.getNextBlob();
        counters.garbageStart = record.getGarbageStart();
        counters.garbageHead = record.getGarbageHead();
        counters.inodeCount = record.getInodeCount();
        counters.detachedCount = record.getDetachedCount();
        counters.sessionCount = record.getSessionCount();
        counters.restoring = record.getRestoring();
        counters.endedBefore = new Epoch(record.getEndedBefore());
        counters.deletesHeld = record.getDeletesHeld();
        counters.lifted = new Epoch(record.getLifted());
        counters.without = List.copyOf(record.getWithoutList());
        counters.restores = record.getRestores();
        return counters;
    }
}
