package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.metadata.namespace.Segment;
import io.tractfs.metadata.recovery.TailSearch;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.TableImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks all members of tracts' rows, under one image of the table, and takes nothing less for an answer. Thread-safe. */
public final class FenceRound implements TailMembers {
    private final TableImage table;
    private final Segment segment;
    private final MemberCalls calls;

    /** A round under one image of the table. */
    public FenceRound(TableImage table, Segment segment, MemberCalls calls) {
        this.table = table;
        this.segment = segment;
        this.calls = calls;
    }

    /** Calls to one member. Implementations are thread-safe and do not block. */
    public interface MemberCalls {
        /** Raises the generation of a tract. */
        CompletableFuture<Fenced> fence(Row row, Member member, TractId tract);

        /** Cuts a tract; fails with TRACT_NOT_FOUND where there is none. */
        CompletableFuture<Boolean> cut(Row row, Member member, TractId tract, int length);
    }

    /** What a member has, and the version under which it says so. Immutable. */
    public record Fenced(RowVersion version, TailSearch.Answer answer) {}

    @Override
    public CompletableFuture<List<TailSearch.Answer>> fence(TractId tract) {
        Row row = table.rowOf(tract);
        if (row.isFrozen(row.classOf(segment.replication()))) {
            return CompletableFuture.failedFuture(new TractException(
                    ErrorCode.CLASS_FROZEN, "Row " + row.index() + " has no holder of tract " + tract));
        }
        List<CompletableFuture<TailSearch.Answer>> answers =
                callAll(row, member -> calls.fence(row, member, tract).thenApply(fenced -> under(row, fenced)));
        return allOf(answers)
                .thenCompose(all -> all.stream().anyMatch(TailSearch.Answer::holder)
                        ? CompletableFuture.completedFuture(all)
                        : CompletableFuture.failedFuture(new TractException(
                                ErrorCode.ROW_UNAVAILABLE, "Row " + row.index() + " has no holder of tract " + tract)));
    }

    private static TailSearch.Answer under(Row row, Fenced fenced) {
        if (!fenced.version().equals(row.version())) {
            throw new CompletionException(new TractException(
                    ErrorCode.STALE_VERSION, "Row " + row.index() + " is at another version than " + row.version()));
        }
        return fenced.answer();
    }

    @Override
    public CompletableFuture<Void> cut(TractId tract, int length) {
        Row row = table.rowOf(tract);
        List<CompletableFuture<Boolean>> cuts = callAll(
                row, member -> calls.cut(row, member, tract, length).exceptionallyCompose(FenceRound::unlessAbsent));
        return allOf(cuts).thenApply(all -> null);
    }

    private static CompletableFuture<Boolean> unlessAbsent(Throwable error) {
        Throwable cause = error.getCause() == null ? error : error.getCause();
        boolean absent = (error instanceof TractException own && own.code() == ErrorCode.TRACT_NOT_FOUND)
                || (cause instanceof TractException known && known.code() == ErrorCode.TRACT_NOT_FOUND);
        return absent ? CompletableFuture.completedFuture(true) : CompletableFuture.failedFuture(error);
    }

    private <A> List<CompletableFuture<A>> callAll(Row row, Function<Member, CompletableFuture<A>> call) {
        List<CompletableFuture<A>> answers = new ArrayList<>();
        int replicationClass = row.classOf(segment.replication());
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null && row.keeps(column, replicationClass)) {
                answers.add(call.apply(member));
            }
        }
        return answers;
    }

    private static <A> CompletableFuture<List<A>> allOf(List<CompletableFuture<A>> futures) {
        return CompletableFuture.allOf(futures.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
    }
}
