package io.tractfs.metadata.server;

import io.tractfs.metadata.namespace.NamespaceReader;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.metadata.raft.CommandLog;
import io.tractfs.time.Clock;

/**
 * What the handlers of the namespace work with. Immutable.
 *
 * @param log where commands go
 * @param state layout and garbage log
 * @param reader reads
 * @param requesters as whom callers act
 * @param gate whether users may write and read now
 * @param leases when sessions renewed
 * @param monitor takes files from sessions
 * @param sweeper removes large deleted trees
 * @param reads threads for reads
 * @param space space of the cluster
 * @param config settings
 * @param clock monotonic time
 * @param audit told of every call
 * @param accessTimes told of every file that is opened for reading
 */
public record NamespaceServices(
        CommandLog log,
        NamespaceState state,
        NamespaceReader reader,
        Requesters requesters,
        WriteGate gate,
        LeaseClock leases,
        LeaseMonitor monitor,
        TreeSweeper sweeper,
        ReadPool reads,
        ClusterSpace space,
        NamespaceConfig config,
        Clock clock,
        CallAudit audit,
        AccessTimes accessTimes) {}
