package io.tractfs.tract.reconcile;

import static io.tractfs.tract.gate.GateFixture.A;
import static io.tractfs.tract.gate.GateFixture.ALL;
import static io.tractfs.tract.gate.GateFixture.B;
import static io.tractfs.tract.gate.GateFixture.C;
import static io.tractfs.tract.gate.GateFixture.inSync;
import static io.tractfs.tract.gate.GateFixture.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.TractId;
import io.tractfs.table.RowHash;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.gate.GateFixture;
import io.tractfs.tract.reconcile.ReconcileEffect.Complete;
import io.tractfs.tract.reconcile.ReconcileEffect.Fetch;
import io.tractfs.tract.reconcile.ReconcileEffect.ListRow;
import io.tractfs.tract.reconcile.ReconcileEffect.LookUp;
import io.tractfs.tract.reconcile.ReconcileEffect.RecordLost;
import io.tractfs.tract.reconcile.ReconcileEffect.Seal;
import io.tractfs.tract.store.TractSlice;
import io.tractfs.tract.store.TractState;
import io.tractfs.tract.store.TractStorage.ReconciledBytes;
import io.tractfs.tract.store.TractStorage.TractWrite;
import io.tractfs.tract.store.memory.InMemoryTractStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Copies of a row that lost different ends with the power of all holders, some with damage, are compared with each other in
 * any order of steps: all end with the longest prefix that anybody has (P7). More seeds: {@code -Dtractfs.merge.seeds=5000}.
 */
class UncleanMergeTest {
    private static final int SEEDS = Integer.getInteger("tractfs.merge.seeds", 200);
    private static final List<StoreRef> MEMBERS = List.of(A, B, C);
    private static final int SIZE = 1 << 16;
    private static final int ROWS = 64;
    private static final ReconcileLimits LIMITS = new ReconcileLimits(2, 1024, 2);

    @Test
    void everyHolderEndsWithTheLongestPrefix() throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            try {
                new Run(seed).check();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    /** One row of three stores, whose sessions take turns. */
    private static final class Run {
        private final Random random;
        private final Map<StoreRef, InMemoryTractStorage> stores = new HashMap<>();
        private final Map<TractId, Integer> longest = new TreeMap<>();
        private final List<Runnable> steps = new ArrayList<>();
        private int completed;

        Run(int seed) throws IOException {
            random = new Random(seed);
            for (StoreRef member : MEMBERS) {
                stores.put(member, new InMemoryTractStorage(ROWS, 1 << 30));
            }
            for (int tract = 0; tract < 5; tract++) {
                write(new TractId(new BlobId(100 + seed), tract));
            }
        }

        private InMemoryTractStorage store(StoreRef member) {
            return Objects.requireNonNull(stores.get(member));
        }

        /** Each store keeps another prefix of the same bytes, or nothing. */
        private void write(TractId tract) throws IOException {
            for (StoreRef member : MEMBERS) {
                int length = random.nextInt(4) == 0 ? 0 : random.nextInt(5000);
                if (length == 0) {
                    continue;
                }
                longest.merge(tract, length, Math::max);
                ByteBuffer data = ByteBuffer.wrap(bytes(tract, 0, length));
                ByteBuffer pieces = checksums(tract, 0, data);
                store(member)
                        .write(new TractWrite(
                                tract,
                                RowHash.rowOf(tract, ROWS),
                                version(1, 5).value(),
                                new Generation(1),
                                0,
                                pieces,
                                Unpooled.wrappedBuffer(data),
                                SIZE,
                                3,
                                0,
                                false,
                                false));
            }
        }

        void check() throws IOException {
            for (StoreRef member : MEMBERS) {
                ReconcilePlan plan = ReconcilePlan.forHealing(
                                GateFixture.held(
                                        GateFixture.row(version(1, 6), inSync(A, 0), inSync(B, 1), inSync(C, 2)), ALL),
                                member)
                        .orElseThrow();
                ReconcileSession session = new ReconcileSession(plan, LIMITS, new SourceLoad());
                perform(member, session, session.start());
            }
            while (!steps.isEmpty()) {
                steps.remove(random.nextInt(steps.size())).run();
            }
            assertThat(completed).isEqualTo(MEMBERS.size());
            for (Map.Entry<TractId, Integer> tract : longest.entrySet()) {
                for (StoreRef member : MEMBERS) {
                    assertHolds(store(member), tract.getKey(), tract.getValue());
                }
            }
        }

        private void perform(StoreRef member, ReconcileSession session, List<ReconcileEffect> effects) {
            for (ReconcileEffect effect : effects) {
                if (effect instanceof Complete) {
                    completed++;
                } else {
                    steps.add(() -> {
                        try {
                            perform(member, session, session.step(event(member, effect)));
                        } catch (TractException e) {
                            throw new AssertionError(e);
                        }
                    });
                }
            }
        }

        private ReconcileEvent event(StoreRef member, ReconcileEffect effect) throws TractException {
            InMemoryTractStorage own = store(member);
            if (effect instanceof ListRow list) {
                return listed(list);
            } else if (effect instanceof LookUp lookUp) {
                List<ReconcileEvent.Pair> pairs = new ArrayList<>();
                for (TractState remote : lookUp.tracts()) {
                    pairs.add(new ReconcileEvent.Pair(remote, own.state(remote.tract()), false));
                }
                return new ReconcileEvent.LookedUp(lookUp.source(), pairs);
            } else if (effect instanceof Fetch fetch) {
                return fetched(own, fetch.stretch());
            } else if (effect instanceof Seal seal) {
                own.sync(seal.tract());
                return new ReconcileEvent.Sealed(seal.tract());
            } else if (effect instanceof RecordLost lost) {
                throw new AssertionError("nothing is lost, but " + lost);
            }
            throw new AssertionError("unexpected " + effect);
        }

        private ReconcileEvent listed(ListRow list) throws TractException {
            List<TractState> all = new ArrayList<>();
            for (TractId tract : longest.keySet()) {
                if (list.after() == null || tract.compareTo(list.after()) > 0) {
                    store(list.source()).state(tract).ifPresent(all::add);
                }
            }
            boolean more = all.size() > list.limit();
            return new ReconcileEvent.Listed(list.source(), all.subList(0, Math.min(all.size(), list.limit())), more);
        }

        private ReconcileEvent fetched(InMemoryTractStorage own, Stretch stretch) throws TractException {
            ByteBuffer data = ByteBuffer.wrap(bytes(stretch.remote().tract(), stretch.from(), stretch.to()));
            own.reconcile(new ReconciledBytes(
                    stretch.remote(),
                    RowHash.rowOf(stretch.remote().tract(), ROWS),
                    stretch.from(),
                    checksums(stretch.remote().tract(), stretch.from(), data),
                    data));
            return new ReconcileEvent.Fetched(stretch);
        }

        private static void assertHolds(InMemoryTractStorage store, TractId tract, int length) throws IOException {
            assertThat(store.state(tract).orElseThrow().length()).isEqualTo(length);
            try (TractSlice slice = store.read(tract, 0, length)) {
                ByteBuffer data = ByteBuffer.allocate(slice.dataLength());
                for (int count = 1; data.hasRemaining() && count > 0; ) {
                    count = slice.channel().read(data, slice.channelPosition() + data.position());
                }
                assertThat(data.array()).isEqualTo(bytes(tract, 0, length));
            }
        }
    }

    private static ByteBuffer checksums(TractId tract, int from, ByteBuffer data) {
        ByteBuffer checksums = ByteBuffer.allocate(ChunkChecksums.chunkCount(data.remaining()) * Integer.BYTES);
        ChunkChecksums.compute(tract, from / ChunkChecksums.CHUNK_SIZE, data.duplicate(), checksums);
        return checksums.flip();
    }

    private static byte[] bytes(TractId tract, int from, int to) {
        byte[] bytes = new byte[to - from];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (31 * (from + i) + (from + i) / 251 + tract.index());
        }
        return bytes;
    }
}
