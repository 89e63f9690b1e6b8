package io.tractfs.client.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.client.retry.Backoff;
import io.tractfs.error.ErrorCode;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One segment written through a network that loses, doubles, delays and reorders, by virtual time, while the memberships
 * change. After every event it checks that what is acknowledged is on every holder (I1), that what counts as synced is
 * on their disks, that the window is kept (P18) and that bytes are kept until all before them are acknowledged. Not
 * thread-safe.
 */
final class WriteSimulation {
    static final int TRACT = 256;
    static final int WINDOW = 3;
    private static final int ROWS = 4;
    private static final long CALL_TIMEOUT_MS = 400;

    final InMemoryTractCluster cluster = new InMemoryTractCluster(6, ROWS);
    final WriteTarget target = new WriteTarget(new BlobId(1L << 40), TRACT, 3, new Generation(1), WINDOW);
    final SegmentWriter writer;
    final Set<Long> kept = new HashSet<>();
    final List<WriteEffect.Complain> complaints = new ArrayList<>();
    final SplittableRandom random;
    long now;
    long appended;
    long movedAt = -1;
    WriteEffect.@Nullable Fail failure;
    /** Chance in 100 of each kind of trouble for one call. */
    int trouble;

    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparingLong(Due::atMs).thenComparingLong(Due::order));
    private long order;
    private long nextNumber = 1;
    private boolean refreshing;

    private record Due(long atMs, long order, Runnable work) {}

    WriteSimulation(long seed, boolean eagerSync) {
        random = new SplittableRandom(seed);
        WriteTiming timing = new WriteTiming(new Backoff(5, 100), new Backoff(5, 50), 100, 1_000, 50, 500, 600_000);
        writer = new SegmentWriter(target, 0, eagerSync, cluster.image(), timing, random.split());
    }

    void after(long delayMs, Runnable work) {
        queue.add(new Due(now + delayMs, order++, work));
    }

    void append(int length, boolean sync) {
        int offset = (int) (appended % TRACT);
        Packet packet = new Packet(nextNumber++, (int) (appended / TRACT), offset, Math.min(length, TRACT - offset));
        appended += packet.length();
        kept.add(packet.number());
        step(new WriteEvent.Append(packet, sync));
    }

    void step(WriteEvent event) {
        for (WriteEffect effect : writer.step(event, now)) {
            carryOut(effect);
        }
        check();
    }

    private void carryOut(WriteEffect effect) {
        if (effect instanceof WriteEffect.Call call) {
            checkCall(call);
            transmit(call);
        } else if (effect instanceof WriteEffect.Release release) {
            Packet packet = release.packet();
            assertThat(kept.remove(packet.number())).isTrue();
            assertThat(target.startOf(packet.tract()) + packet.end()).isLessThanOrEqualTo(writer.acknowledgedLength());
        } else if (effect instanceof WriteEffect.Refresh) {
            assertThat(refreshing).isFalse();
            refreshing = true;
            after(1L + random.nextInt(20), () -> {
                refreshing = false;
                step(new WriteEvent.Table(cluster.image()));
            });
        } else if (effect instanceof WriteEffect.Complain complain) {
            complaints.add(complain);
        } else if (effect instanceof WriteEffect.MoveOn moveOn) {
            movedAt = moveOn.length();
        } else if (effect instanceof WriteEffect.Fail fail) {
            failure = fail;
        }
    }

    private void checkCall(WriteEffect.Call call) {
        int mayBegin = (int) (writer.acknowledgedLength() / TRACT) + WINDOW;
        assertThat(call.address().tract().index()).as("P18").isLessThan(mayBegin);
        if (call instanceof WriteEffect.Send send) {
            assertThat(kept).contains(send.packet().number());
        }
    }

    private void transmit(WriteEffect.Call call) {
        int dice = random.nextInt(100);
        long delayMs = 1L + random.nextInt(trouble > 0 && random.nextInt(4) == 0 ? 60 : 3);
        WriteEvent lost =
                new WriteEvent.Refused(call.token(), ErrorCode.DEADLINE_EXCEEDED, RowVersion.NONE, "no answer in time");
        if (dice < trouble) {
            after(CALL_TIMEOUT_MS, () -> step(lost));
        } else if (dice < 2 * trouble) {
            after(delayMs, () -> cluster.serve(call));
            after(CALL_TIMEOUT_MS, () -> step(lost));
        } else {
            after(delayMs, () -> {
                WriteEvent answer = cluster.serve(call);
                after(1L + random.nextInt(3), () -> step(answer));
            });
            if (dice < 3 * trouble) {
                after(delayMs + random.nextInt(200), () -> cluster.serve(call));
            }
        }
    }

    /** Runs until nothing is due any more, or a condition of the caller's own holds. */
    void run(BooleanSupplier until) {
        for (int events = 0; !until.getAsBoolean(); events++) {
            assertThat(events)
                    .as("events until done; acknowledged " + writer.acknowledgedLength())
                    .isLessThan(500_000);
            var tick = writer.nextTickMs();
            Due due = queue.peek();
            if (tick.isPresent() && (due == null || tick.getAsLong() < due.atMs())) {
                now = Math.max(now, tick.getAsLong());
                step(new WriteEvent.Tick());
            } else if (due != null) {
                queue.remove();
                now = Math.max(now, due.atMs());
                due.work().run();
            } else {
                return;
            }
        }
    }

    private void check() {
        long acknowledged = writer.acknowledgedLength();
        long synced = writer.syncedLength();
        for (int index = 0; (long) index * TRACT < Math.max(acknowledged, synced); index++) {
            TractId tract = target.tract(index);
            Row row = cluster.row(cluster.rowOf(tract));
            int length = (int) Math.min(TRACT, acknowledged - target.startOf(index));
            int onDisk = (int) Math.min(TRACT, synced - target.startOf(index));
            for (int column = 0; column < row.columns().count(); column++) {
                Member member = row.columns().at(column);
                if (member != null && cluster.store(member.ref()).isHolder(row.index())) {
                    InMemoryTractCluster.FakeStore store = cluster.store(member.ref());
                    assertThat(store.bytes(tract).nextClearBit(0))
                            .as("I1: tract %s at %s", tract, store.ref)
                            .isGreaterThanOrEqualTo(length);
                    assertThat(store.onDisk.getOrDefault(tract, new BitSet()).nextClearBit(0))
                            .as("synced: tract %s at %s", tract, store.ref)
                            .isGreaterThanOrEqualTo(onDisk);
                }
            }
        }
    }

    /** One random plan: a member is replaced, dropped or lost, a row reconciled. */
    void disturb() {
        int row = random.nextInt(ROWS);
        int column = random.nextInt(3);
        Member member = cluster.row(row).columns().at(column);
        switch (random.nextInt(4)) {
            case 0 -> cluster.reconcile(row);
            case 1 -> cluster.replace(row, column, freeStore(row));
            case 2 -> {
                if (member != null) {
                    cluster.store(member.ref()).isolated = true;
                    cluster.replace(row, column, freeStore(row));
                    InMemoryTractCluster.FakeStore back = cluster.store(member.ref());
                    after(random.nextInt(300), () -> back.isolated = false);
                }
            }
            default -> cluster.replace(row, column, null);
        }
    }

    private InMemoryTractCluster.@Nullable FakeStore freeStore(int row) {
        List<InMemoryTractCluster.FakeStore> free = new ArrayList<>(cluster.stores);
        free.removeIf(store -> store.dead || store.isolated || cluster.row(row).columnOf(store.ref.store()) >= 0);
        return free.isEmpty() ? null : free.get(random.nextInt(free.size()));
    }
}
