package io.tractfs.metadata.namespace;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tractfs.id.ClientId;
import io.tractfs.metadata.permission.Requester;
import io.tractfs.metadata.proto.LimitsRecord;
import io.tractfs.metadata.proto.LogCommand;
import io.tractfs.metadata.proto.LogEntry;
import io.tractfs.metadata.proto.RequesterRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Entries of the replicated log as bytes. Immutable. */
public final class LogCodec {
    /** Version of the format that is written. */
    static final int FORMAT_VERSION = 1;

    private LogCodec() {}

    /** Writes one call; entries are put together from these by {@link #encodeEntry}. */
    public static LogCommand encode(Call call) {
        LogCommand.Builder log = LogCommand.newBuilder().setRequester(encode(call.requester()));
        if (call.name().hasClient()) {
            log.setClientId(Records.bytes(call.name().client().value()))
                    .setCallId(call.name().number());
        }
        if (call.command() instanceof FileCommand command) {
            CommandCodec.encode(log, command);
        } else if (call.command() instanceof ClusterCommand command) {
            ClusterCommandCodec.encode(log, command);
        }
        return log.build();
    }

    /** Writes an entry. */
    public static byte[] encodeEntry(long timeMs, long retentionMs, NamespaceLimits limits, List<LogCommand> commands) {
        LogEntry.Builder entry = LogEntry.newBuilder()
                .setFormatVersion(FORMAT_VERSION)
                .setTimeMs(timeMs)
                .setRetentionMs(retentionMs)
                .addAllCommands(commands);
        if (!limits.equals(NamespaceLimits.HDFS)) {
            entry.setLimits(LimitsRecord.newBuilder()
                    .setNameBytes(limits.nameBytes())
                    .setDirectoryItems(limits.directoryItems())
                    .setSegments(limits.segments())
                    .setMinBlockSize(limits.minBlockSize())
                    .setMaxReplication(limits.maxReplication()));
        }
        return entry.build().toByteArray();
    }

    private static NamespaceLimits limits(LogEntry entry) {
        if (!entry.hasLimits()) {
            return NamespaceLimits.HDFS;
        }
        LimitsRecord limits = entry.getLimits();
        return new NamespaceLimits(
                limits.getNameBytes(),
                limits.getDirectoryItems(),
                limits.getSegments(),
                limits.getMinBlockSize(),
                limits.getMaxReplication());
    }

    /** Reads an entry. */
    public static LoggedEntry decode(ByteBuffer bytes) {
        LogEntry entry;
        try {
            entry = LogEntry.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new StoredFormatException("An entry of the log cannot be read", e);
        }
        if (entry.getFormatVersion() != FORMAT_VERSION) {
            throw new StoredFormatException("An entry of the log has format version " + entry.getFormatVersion()
                    + ", this software knows " + FORMAT_VERSION);
        }
        List<Call> calls = new ArrayList<>(entry.getCommandsCount());
        for (LogCommand command : entry.getCommandsList()) {
            calls.add(Records.decode("An entry of the log", () -> decode(command)));
        }
        return new LoggedEntry(entry.getTimeMs(), entry.getRetentionMs(), limits(entry), calls);
    }

    private static Call decode(LogCommand log) {
        CallName name = log.getClientId().isEmpty()
                ? CallName.NONE
                : new CallName(new ClientId(Records.uuid(log.getClientId())), log.getCallId());
        return new Call(decode(log.getRequester()), name, command(log));
    }

    private static Command command(LogCommand log) {
        return switch (log.getPayloadCase()) {
            case CREATE -> RequestCodec.decode(log.getCreate());
            case APPEND -> RequestCodec.decode(log.getAppend());
            case ADD_SEGMENT -> RequestCodec.decode(log.getAddSegment());
            case COMPLETE -> RequestCodec.decode(log.getComplete());
            case ABANDON -> RequestCodec.decode(log.getAbandon());
            case RENAME -> RequestCodec.decode(log.getRename());
            case DELETE -> RequestCodec.decode(log.getDelete());
            case MKDIRS -> RequestCodec.decode(log.getMkdirs());
            case SET_PERMISSION -> RequestCodec.decode(log.getSetPermission());
            case SET_OWNER -> RequestCodec.decode(log.getSetOwner());
            case SET_TIMES -> RequestCodec.decode(log.getSetTimes());
            case SET_REPLICATION -> RequestCodec.decode(log.getSetReplication());
            case TRUNCATE -> RequestCodec.decode(log.getTruncate());
            case RECOVER_LEASE -> RequestCodec.decode(log.getRecoverLease());
            case CONCAT -> RequestCodec.decode(log.getConcat());
            case FORMAT -> ClusterCommandCodec.decode(log.getFormat());
            case TAKE_EPOCH -> ClusterCommandCodec.decode(log.getTakeEpoch());
            case REGISTER_STORE -> ClusterCommandCodec.decode(log.getRegisterStore());
            case REMOVE_STORE -> ClusterCommandCodec.decode(log.getRemoveStore());
            case COMMIT_FLOORS -> ClusterCommandCodec.decode(log.getCommitFloors());
            case TRIM_GARBAGE ->
                new ClusterCommand.TrimGarbage(log.getTrimGarbage().getThrough());
            case BEGIN_RECOVERY -> ClusterCommandCodec.decode(log.getBeginRecovery());
            case COMMIT_RECOVERED -> ClusterCommandCodec.decode(log.getCommitRecovered());
            case SWEEP_DETACHED ->
                new ClusterCommand.SweepDetached(log.getSweepDetached().getLimit());
            case TOUCH_FILES -> ClusterCommandCodec.decode(log.getTouchFiles());
            case MARK_STORE -> ClusterCommandCodec.decode(log.getMarkStore());
            case RESTORE -> ClusterCommandCodec.decode(log.getRestore());
            case END_RESTORE -> new ClusterCommand.EndRestore(ClusterCommandCodec.decode(log.getEndRestore()));
            case ALLOW_DELETES -> new ClusterCommand.AllowDeletes();
            case ADVANCE_REPLICATION -> ClusterCommandCodec.decode(log.getAdvanceReplication());
            case PAYLOAD_NOT_SET -> throw new StoredFormatException("A logged command is of unknown kind");
        };
    }

    private static RequesterRecord encode(Requester requester) {
        return RequesterRecord.newBuilder()
                .setUser(requester.user())
                .addAllGroups(new TreeSet<>(requester.groups()))
                .setSuperuser(requester.superuser())
                .build();
    }

    private static Requester decode(RequesterRecord record) {
        return new Requester(record.getUser(), Set.copyOf(record.getGroupsList()), record.getSuperuser());
    }
}
