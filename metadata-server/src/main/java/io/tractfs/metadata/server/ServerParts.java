package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.namespace.ClusterLayout;
import io.tractfs.metadata.namespace.ClusterRecords;
import io.tractfs.metadata.raft.CommandLog;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the handlers of stores, tables and administrators work with. Immutable.
 *
 * @param config settings
 * @param records durable facts
 * @param log where commands go
 * @param gate the step of the leadership
 * @param loop owner of the assignment
 * @param viewOf what the loop shows; null while this server does not lead
 * @param reads threads for reads
 * @param space space that stores report
 * @param garbage cursors that stores report
 * @param damage damage that stores report
 * @param recoveries how recovery goes
 * @param sequences write sequences that stores report
 * @param restore what stores say while a restored namespace becomes the cluster's again
 */
record ServerParts(
        MetadataConfig config,
        ClusterRecords records,
        CommandLog log,
        LeaderGate gate,
        AssignmentLoop loop,
        Supplier<@Nullable LeaderView> viewOf,
        ReadPool reads,
        SpaceLedger space,
        GarbageCursors garbage,
        DamageReports damage,
        RecoveryLog recoveries,
        WriteSequences sequences,
        RestoreSession restore) {
    /** What this server leads; null if it does not lead, or has stopped for an operator, of which the loop may have yet to hear. */
    @Nullable
    LeaderView view() {
        return gate.stopped().isPresent() ? null : viewOf.get();
    }

    /** Why there is no view. */
    TractException notLeading() {
        return gate.readRefusal().orElseGet(() -> new TractException(ErrorCode.STARTING, "The leadership begins"));
    }

    ClusterLayout layout() {
        return records.layout().orElseThrow(() -> new IllegalStateException("The cluster is not formatted"));
    }
}
