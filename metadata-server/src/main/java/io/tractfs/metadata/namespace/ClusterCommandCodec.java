package io.tractfs.metadata.namespace;

import io.tractfs.id.BlobId;
import io.tractfs.id.ClientId;
import io.tractfs.id.Epoch;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.id.Incarnation;
import io.tractfs.id.Lineage;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.proto.AdvanceReplicationRecord;
import io.tractfs.metadata.proto.AllowDeletesRecord;
import io.tractfs.metadata.proto.BeginRecoveryRecord;
import io.tractfs.metadata.proto.CommitFloorsRecord;
import io.tractfs.metadata.proto.CommitRecoveredRecord;
import io.tractfs.metadata.proto.FormatRecord;
import io.tractfs.metadata.proto.LogCommand;
import io.tractfs.metadata.proto.MarkStoreRecord;
import io.tractfs.metadata.proto.RemoveStoreRecord;
import io.tractfs.metadata.proto.RestoreRecord;
import io.tractfs.metadata.proto.StoreRecord;
import io.tractfs.metadata.proto.SweepDetachedRecord;
import io.tractfs.metadata.proto.TakeEpochRecord;
import io.tractfs.metadata.proto.TouchFilesRecord;
import io.tractfs.metadata.proto.TrimGarbageRecord;
import java.util.ArrayList;
import java.util.List;

/** Commands of the leader as logged. Immutable. */
final class ClusterCommandCodec {
    private ClusterCommandCodec() {}

    /** Writes a command. */
    static void encode(LogCommand.Builder log, ClusterCommand command) {
        if (command instanceof ClusterCommand.Format format) {
            log.setFormat(FormatRecord.newBuilder()
                    .setLayout(ClusterCodec.encode(format.layout()))
                    .setStarter(format.starter()));
        } else if (command instanceof ClusterCommand.TakeEpoch take) {
            log.setTakeEpoch(TakeEpochRecord.newBuilder()
                    .setLineage(Records.bytes(take.lineage().value())));
        } else if (command instanceof ClusterCommand.RegisterStore register) {
            log.setRegisterStore(StoreRecord.newBuilder()
                    .setStore(Records.bytes(register.store().value()))
                    .setIncarnation(register.incarnation().value())
                    .setServer(register.server())
                    .setWriteSequence(register.writeSequence()));
        } else if (command instanceof ClusterCommand.RemoveStore remove) {
            log.setRemoveStore(RemoveStoreRecord.newBuilder()
                    .setStore(Records.bytes(remove.store().value())));
        } else if (command instanceof ClusterCommand.CommitFloors commit) {
            log.setCommitFloors(encode(commit));
        } else if (command instanceof ClusterCommand.TrimGarbage trim) {
            log.setTrimGarbage(TrimGarbageRecord.newBuilder().setThrough(trim.through()));
        } else if (command instanceof ClusterCommand.BeginRecovery begin) {
            log.setBeginRecovery(encode(begin));
        } else if (command instanceof ClusterCommand.CommitRecovered commit) {
            log.setCommitRecovered(CommitRecoveredRecord.newBuilder()
                    .setFileId(commit.file().value())
                    .setGeneration(commit.generation().value())
                    .setLastSegmentLength(commit.lastSegmentLength()));
        } else if (command instanceof ClusterCommand.TouchFiles touch) {
            TouchFilesRecord.Builder record = TouchFilesRecord.newBuilder().setPrecisionMs(touch.precisionMs());
            touch.files().forEach(file -> record.addFiles(file.file().value()).addTimesMs(file.timeMs()));
            log.setTouchFiles(record);
        } else if (command instanceof ClusterCommand.MarkStore mark) {
            log.setMarkStore(MarkStoreRecord.newBuilder()
                    .setStore(Records.bytes(mark.store().value()))
                    .setMark(mark.mark().name()));
        } else if (command instanceof ClusterCommand.AdvanceReplication advance) {
            log.setAdvanceReplication(AdvanceReplicationRecord.newBuilder()
                    .setFileId(advance.file().value())
                    .setBlob(advance.blob().value())
                    .setNumber(advance.number()));
        } else if (command instanceof ClusterCommand.SweepDetached sweep) {
            log.setSweepDetached(SweepDetachedRecord.newBuilder().setLimit(sweep.limit()));
        } else if (command instanceof ClusterCommand.Restore restore) {
            log.setRestore(encode(restore));
        } else if (command instanceof ClusterCommand.EndRestore end) {
            log.setEndRestore(encode(end.floors()));
        } else if (command instanceof ClusterCommand.AllowDeletes) {
            log.setAllowDeletes(AllowDeletesRecord.getDefaultInstance());
        } else {
            throw new AssertionError("Not a command of the leader: " + command);
        }
    }

    private static CommitFloorsRecord encode(ClusterCommand.CommitFloors commit) {
        CommitFloorsRecord.Builder record = CommitFloorsRecord.newBuilder()
                .setEpoch(commit.epoch().value())
                .setLineage(Records.bytes(commit.lineage().value()));
        for (ClusterCommand.RowFloor floor : commit.floors()) {
            record.addRows(floor.row()).addVersions(floor.version().value());
        }
        return record.build();
    }

    private static RestoreRecord encode(ClusterCommand.Restore restore) {
        RestoreRecord.Builder record = RestoreRecord.newBuilder()
                .setLineage(Records.bytes(restore.lineage().value()))
                .setIndex(restore.index())
                .setGarbage(restore.garbage());
        for (ClusterCommand.SeenEpoch seen : restore.seen()) {
            record.addEpochs(seen.epoch().value())
                    .addLineages(Records.bytes(seen.lineage().value()));
        }
        restore.givenUp().forEach(store -> record.addGivenUp(Records.bytes(store.value())));
        return record.build();
    }

    private static BeginRecoveryRecord encode(ClusterCommand.BeginRecovery begin) {
        BeginRecoveryRecord.Builder record =
                BeginRecoveryRecord.newBuilder().setFileId(begin.file().value());
        if (!begin.holder().equals(CallName.NO_CLIENT)) {
            record.setHolder(Records.bytes(begin.holder().value()));
        }
        return record.build();
    }

    /** Reads the command that fixes the layout. */
    static ClusterCommand decode(FormatRecord record) {
        return new ClusterCommand.Format(ClusterCodec.decode(record.getLayout()), record.getStarter());
    }

    /** Reads the command that begins a leadership. */
    static ClusterCommand decode(TakeEpochRecord record) {
        return new ClusterCommand.TakeEpoch(new Lineage(Records.uuid(record.getLineage())));
    }

    /** Reads the command that registers a store. */
    static ClusterCommand decode(StoreRecord record) {
        return new ClusterCommand.RegisterStore(
                new StoreId(Records.uuid(record.getStore())),
                new Incarnation(record.getIncarnation()),
                record.getServer(),
                record.getWriteSequence());
    }

    /** Reads the command that removes a store. */
    static ClusterCommand decode(RemoveStoreRecord record) {
        return new ClusterCommand.RemoveStore(new StoreId(Records.uuid(record.getStore())));
    }

    /** Reads the command that begins a leadership after a restore. */
    static ClusterCommand decode(RestoreRecord record) {
        List<ClusterCommand.SeenEpoch> seen = new ArrayList<>(record.getEpochsCount());
        for (int i = 0; i < record.getEpochsCount(); i++) {
            seen.add(new ClusterCommand.SeenEpoch(
                    new Epoch(record.getEpochs(i)), new Lineage(Records.uuid(record.getLineages(i)))));
        }
        return new ClusterCommand.Restore(
                new Lineage(Records.uuid(record.getLineage())),
                seen,
                record.getIndex(),
                record.getGarbage(),
                record.getGivenUpList().stream()
                        .map(store -> new StoreId(Records.uuid(store)))
                        .toList());
    }

    /** Reads the command that raises floors. */
    static ClusterCommand.CommitFloors decode(CommitFloorsRecord record) {
        List<ClusterCommand.RowFloor> floors = new ArrayList<>(record.getRowsCount());
        for (int i = 0; i < record.getRowsCount(); i++) {
            floors.add(new ClusterCommand.RowFloor(record.getRows(i), new RowVersion(record.getVersions(i))));
        }
        return new ClusterCommand.CommitFloors(
                new Epoch(record.getEpoch()), new Lineage(Records.uuid(record.getLineage())), floors);
    }

    /** Reads the command that notes reads of files. */
    static ClusterCommand decode(TouchFilesRecord record) {
        List<ClusterCommand.Touch> files = new ArrayList<>(record.getFilesCount());
        for (int i = 0; i < record.getFilesCount(); i++) {
            files.add(new ClusterCommand.Touch(new FileId(record.getFiles(i)), record.getTimesMs(i)));
        }
        return new ClusterCommand.TouchFiles(files, record.getPrecisionMs());
    }

    /** Reads the command that takes an operator's word on a store. */
    static ClusterCommand decode(MarkStoreRecord record) {
        try {
            return new ClusterCommand.MarkStore(
                    new StoreId(Records.uuid(record.getStore())), ClusterCommand.StoreMark.valueOf(record.getMark()));
        } catch (IllegalArgumentException e) {
            throw new StoredFormatException("A store is marked " + record.getMark() + ", which is unknown", e);
        }
    }

    /** Reads the command that goes a step on with a change of replication. */
    static ClusterCommand decode(AdvanceReplicationRecord record) {
        return new ClusterCommand.AdvanceReplication(
                new FileId(record.getFileId()), new BlobId(record.getBlob()), record.getNumber());
    }

    /** Reads the command that takes a file from its session. */
    static ClusterCommand decode(BeginRecoveryRecord record) {
        return new ClusterCommand.BeginRecovery(
                new FileId(record.getFileId()),
                record.getHolder().isEmpty() ? CallName.NO_CLIENT : new ClientId(Records.uuid(record.getHolder())));
    }

    /** Reads the command that ends a writer recovery. */
    static ClusterCommand decode(CommitRecoveredRecord record) {
        return new ClusterCommand.CommitRecovered(
                new FileId(record.getFileId()), new Generation(record.getGeneration()), record.getLastSegmentLength());
    }
}
