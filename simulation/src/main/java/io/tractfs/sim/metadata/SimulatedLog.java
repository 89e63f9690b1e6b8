package io.tractfs.sim.metadata;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Generation;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.Command;
import io.tractfs.metadata.namespace.FileCommand;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.raft.CommandLog;
import io.tractfs.sim.kernel.Outcome;
import io.tractfs.sim.protocol.Rule;
import java.util.concurrent.CompletableFuture;

/** The log as one leadership sees it; its futures complete in the simulation's one thread. Not thread-safe. */
final class SimulatedLog implements CommandLog {
    private final MetadataNode node;
    private final int term;

    SimulatedLog(MetadataNode node, int term) {
        this.node = node;
        this.term = term;
    }

    @Override
    public CompletableFuture<Result> submit(Call call) {
        CompletableFuture<Result> future = new CompletableFuture<>();
        long timeMs = node.process().clock().wallMs();
        node.<Result>submit(term, records -> records.apply(timeMs, asWithoutRules(records, call)), outcome -> {
            if (outcome instanceof Outcome.Answered<Result> answered) {
                future.complete(answered.value());
            } else if (outcome instanceof Outcome.Failed<Result> failed) {
                future.completeExceptionally(failed.error());
            }
        });
        return future;
    }

    private Call asWithoutRules(ClusterRecords records, Call call) {
        Command command = call.command();
        if (command instanceof FileCommand.Complete complete && node.off().contains(Rule.LENGTHS_NEED_THE_GENERATION)) {
            Generation present = records.reader()
                    .file(complete.file())
                    .map(FileStatus::generation)
                    .orElse(complete.generation());
            command =
                    new FileCommand.Complete(complete.file(), present, complete.lastSegmentLength(), complete.close());
        } else if (command instanceof ClusterCommand.CommitRecovered recovered
                && node.off().contains(Rule.RECOVERY_ENDS_THE_SEGMENT)) {
            command = new FileCommand.Complete(
                    recovered.file(), recovered.generation(), recovered.lastSegmentLength(), true);
        }
        return command == call.command() ? call : new Call(call.requester(), call.name(), command, call.watcher());
    }

    @Override
    public boolean isLeader() {
        return node.isLeading(term);
    }

    /** More than half of the servers say that they know of no later leader. */
    @Override
    public CompletableFuture<Void> confirmLeadership() {
        return node.confirms(term)
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(
                        new TractException(ErrorCode.NOT_LEADER, node.process() + " does not lead any more"));
    }

    @Override
    public void close() {}
}
