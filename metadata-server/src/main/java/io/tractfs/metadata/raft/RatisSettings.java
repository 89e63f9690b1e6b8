package io.tractfs.metadata.raft;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Ratis' settings. Immutable. */
final class RatisSettings {
    /** Most bytes of one entry; the batcher stays well below. */
    static final SizeInBytes ENTRY_LIMIT = SizeInBytes.valueOf("4MB");

    /** Most bytes of a message between peers: entries together are within the limit of one, and more than 1 MiB below this. */
    private static final SizeInBytes MESSAGE_LIMIT = SizeInBytes.valueOf("6MB");

    private static final SizeInBytes WRITE_BUFFER = SizeInBytes.valueOf("5MB");
    private static final SizeInBytes SEGMENT = SizeInBytes.valueOf("8MB");
    private static final SizeInBytes PREALLOCATED = SizeInBytes.valueOf("4MB");
    private static final int CACHED_SEGMENTS = 2;
    /** Pauses before a peer is tried again, and how often: one that comes back is needed at once if another goes. */
    private static final String RETRIES = "1ms,10, 200ms,1000000";

    /** Entries that the state has too and that are kept for peers that were away. */
    private static final long PRESERVED = 100_000;

    private RatisSettings() {}

    /** Settings of a server. */
    static RaftProperties of(RatisConfig config) {
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(
                properties, List.of(config.directory().toFile()));
        GrpcConfigKeys.Server.setHost(properties, config.bind().host());
        GrpcConfigKeys.Server.setPort(properties, config.bind().port());
        GrpcConfigKeys.setMessageSizeMax(properties, MESSAGE_LIMIT);
        setLog(properties);
        if (config.isAlone()) {
            setElection(properties);
            setPauses(properties);
        } else {
            setPeers(properties, config.electionMs());
        }
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, false);
        // Calls are remembered by the replicated state (P34); Ratis' own cache would only cost memory.
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, TimeDuration.valueOf(1, TimeUnit.SECONDS));
        return properties;
    }

    /** A lone peer has nobody to wait for before it leads. */
    private static void setElection(RaftProperties properties) {
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, milliseconds(5));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, milliseconds(10));
    }

    private static void setLog(RaftProperties properties) {
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, ENTRY_LIMIT);
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, WRITE_BUFFER);
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SEGMENT);
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, PREALLOCATED);
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, CACHED_SEGMENTS);
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        // Else every commit appends an entry that only says so, and syncs it: a new leader finds its commit index
        // anyway.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
        // A crash can leave a torn entry at the end, which nobody was told of: it is cut, and the server starts.
        // Whether
        // more than that is gone is for the stores to notice (P29).
        RaftServerConfigKeys.Log.setCorruptionPolicy(
                properties, RaftServerConfigKeys.Log.CorruptionPolicy.WARN_AND_RETURN);
    }

    /** A process that was frozen goes on: leases and epochs guard what follows, not Ratis' pause monitor. */
    private static void setPauses(RaftProperties properties) {
        TimeDuration never = TimeDuration.valueOf(365, TimeUnit.DAYS);
        RaftServerConfigKeys.setCloseThreshold(properties, never);
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, never);
    }

    /**
     * Among several, reads ask the others who leads (no leader's lease: a follower that restarts forgets what it granted),
     * and a follower that lacks what the leader's log has no more fetches the state itself.
     */
    private static void setPeers(RaftProperties properties, long electionMs) {
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, milliseconds(electionMs));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, milliseconds(electionMs * 3 / 2));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, milliseconds(electionMs / 3));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, milliseconds(electionMs));
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(properties, PRESERVED);
        RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, false);
        RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(properties, false);
        RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, RETRIES);
        RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(365, TimeUnit.DAYS));
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, milliseconds(2 * electionMs));
    }

    private static TimeDuration milliseconds(long count) {
        return TimeDuration.valueOf(count, TimeUnit.MILLISECONDS);
    }
}
