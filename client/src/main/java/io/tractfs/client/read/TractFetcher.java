package io.tractfs.client.read;

import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tractfs.client.local.LocalConfig;
import io.tractfs.client.local.LocalTracts;
import io.tractfs.client.retry.Backoff;
import io.tractfs.client.table.TableCache;
import io.tractfs.client.transport.Futures;
import io.tractfs.client.transport.StoreCalls;
import io.tractfs.client.transport.Timer;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.TableImage;
import io.tractfs.time.Clock;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Fetches ranges of tracts from whichever member has them: verified, raced against a second member when the first is
 * slow, taken elsewhere when a member fails, is short or damaged, and repeated with a fresh table until the time is
 * over. Shared by the streams of a client. Thread-safe.
 */
public final class TractFetcher {
    final Parts parts;
    final ReadConfig config;
    final Backoff pause;
    final MemberChoice choice;
    final HedgeQueue hedges;
    private final SplittableRandom seeds;

    /**
     * A fetcher over the client's parts.
     *
     * @param local whether a host is this one
     * @param seeds of the jitter, and of the client's salt
     */
    public TractFetcher(
            Parts parts, ReadConfig config, Backoff pause, Predicate<String> local, SplittableRandom seeds) {
        this.parts = parts;
        this.config = config;
        this.pause = pause;
        this.choice = new MemberChoice(local, parts.health()::isSuspect, seeds.nextInt());
        this.seeds = seeds;
        this.hedges = new HedgeQueue(parts.timer(), parts.clock(), config.hedgeDelayMs());
    }

    /** What a fetcher works with. */
    public record Parts(
            StoreCalls stores,
            TableCache table,
            MemberHealth health,
            Complaints complaints,
            Timer timer,
            Clock clock) {}

    /** Takes complaints to the leader. */
    @FunctionalInterface
    public interface Complaints {
        /** A member did not serve a row. */
        void complain(StoreInfo store, int row, RowVersion version, ErrorCode code);
    }

    /** The bytes of a range, exactly; whoever takes the buffer releases it. */
    CompletableFuture<ByteBuf> fetch(TractRange range, ReadMeter meter) {
        return ask(range, new ReadQuestion(parts.stores(), range), meter);
    }

    /**
     * Makes the member of a range that is asked first one that is asked after the next, by everybody, for some seconds.
     *
     * @return whether another one is asked first now
     */
    boolean turnToAnotherCopy(TractRange range) throws TractException {
        TableImage image = Futures.await(parts.table().image());
        List<MemberChoice.Candidate> before = choice.order(image, range.tract(), range.replication());
        if (before.size() < 2) {
            return false;
        }
        parts.health().suspect(before.get(0).store().ref().store());
        parts.health().well(before.get(1).store().ref().store());
        MemberChoice.Candidate first =
                choice.order(image, range.tract(), range.replication()).get(0);
        return !first.store().ref().equals(before.get(0).store().ref());
    }

    /** The answer to a question about a range. */
    <R extends MessageLite, T> CompletableFuture<T> ask(
            TractRange range, TractQuestion<R, T> question, ReadMeter meter) {
        FetchSession<R, T> session = new FetchSession<>(this, range, question, meter);
        session.start();
        return session.result();
    }

    /** What streams read past this fetcher, from files of this host. */
    public LocalTracts local(LocalConfig local, ByteBufAllocator allocator) {
        LocalMembers members = new LocalMembers(parts.table(), choice, parts.stores());
        return new LocalTracts(members, local, allocator, parts.timer(), parts.clock());
    }

    long jitterMs(int failures) {
        synchronized (seeds) {
            return pause.delayMs(failures, seeds);
        }
    }
}
