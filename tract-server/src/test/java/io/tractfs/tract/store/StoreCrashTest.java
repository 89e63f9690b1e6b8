package io.tractfs.tract.store;

import static io.tractfs.tract.store.Tracts.row;
import static io.tractfs.tract.store.Tracts.tract;
import static io.tractfs.tract.store.Tracts.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Generation;
import io.tractfs.id.TractId;
import io.tractfs.tract.ranges.ByteRange;
import io.tractfs.tract.ranges.ByteRanges;
import io.tractfs.tract.store.TractState.Span;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random work on a few tracts, with processes killed and machines without power at any disk operation. What was
 * acknowledged outlives a kill, what was synced outlives both, and no byte is ever wrong. A failing seed replays with
 * {@code -Dtractfs.seed=N}.
 */
class StoreCrashTest {
    private static final int SEEDS = Integer.getInteger("tractfs.seeds", 150);
    private static final int TRACTS = 5;

    /** Ends the process in the middle of an operation. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** What a tract must hold at least, and may hold at most. */
    private static final class Promise {
        ByteRanges acknowledged = ByteRanges.EMPTY;
        ByteRanges synced = ByteRanges.EMPTY;
        ByteRanges attempted = ByteRanges.EMPTY;
        long generation;
        long syncedGeneration;
        boolean exists;
        boolean existsSynced;
    }

    private final Map<TractId, Promise> promises = new TreeMap<>();
    private SimulatedStore simulated;
    private Random random = new Random(0);
    private int untilKill;

    StoreCrashTest() throws IOException {
        simulated = new SimulatedStore(1 << 30, 2);
    }

    @Test
    void losesNothingThatWasPromisedAndShowsNoWrongByte() {
        Integer only = Integer.getInteger("tractfs.seed");
        for (int seed = only == null ? 0 : only; seed < (only == null ? SEEDS : only + 1); seed++) {
            try {
                run(seed);
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + " fails; replay with -Dtractfs.seed=" + seed, e);
            }
        }
    }

    private void run(int seed) throws IOException {
        random = new Random(seed);
        promises.clear();
        for (int i = 0; i < TRACTS; i++) {
            promises.put(tract(i / 2 + 1, i), new Promise());
        }
        simulated = new SimulatedStore(1 << 30, 2 + random.nextInt(4));
        for (int life = 0; life < 6; life++) {
            boolean power = random.nextBoolean();
            boolean clean = power && random.nextInt(4) == 0;
            live(clean ? random.nextInt(30) : Integer.MAX_VALUE);
            simulated.disk.faults((operation, path) -> {});
            simulated.values.onWrite(() -> {});
            if (clean) {
                simulated.closeAndLosePower(random);
                // A store that found a killed process at its start leaves no clean mark, and promises no more than
                // synced.
                if (!simulated.store().isUnclean()) {
                    allSynced();
                }
            } else if (power) {
                simulated.losePower(random);
            } else {
                simulated.kill();
            }
            simulated.store().judged();
            check(power);
        }
    }

    private void live(int actions) throws IOException {
        untilKill = actions < Integer.MAX_VALUE ? 0 : 1 + random.nextInt(150);
        simulated.disk.faults((operation, path) -> countDown());
        simulated.values.onWrite(this::countDown);
        try {
            for (int i = 0; i < actions; i++) {
                act();
            }
        } catch (Killed e) {
            assertThat(e).isNotNull();
        }
    }

    private void countDown() {
        if (--untilKill == 0) {
            throw new Killed();
        }
    }

    private void act() throws IOException {
        List<Map.Entry<TractId, Promise>> tracts = List.copyOf(promises.entrySet());
        Map.Entry<TractId, Promise> chosen = tracts.get(random.nextInt(tracts.size()));
        TractId tract = chosen.getKey();
        Promise promise = chosen.getValue();
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4 -> append(tract, promise, promise.acknowledged.contiguousEnd(0), random.nextInt(3) == 0);
            case 5 -> append(tract, promise, random.nextInt(8000), false);
            case 6 -> append(tract, promise, lastEnd(promise), random.nextInt(4) == 0);
            case 7, 8, 9 -> sync(tract, promise);
            case 10, 11 -> reconcile(tract, promise);
            case 12 -> cut(tract, promise);
            case 13 -> remove(tract);
            case 14 -> fence(tract, promise);
            default -> maintain();
        }
    }

    private static int lastEnd(Promise promise) {
        return promise.acknowledged.end();
    }

    private void append(TractId tract, Promise promise, int from, boolean sync) throws IOException {
        int most = random.nextInt(4) == 0 ? 4000 : 300;
        int to = Math.min(Tracts.SIZE, from + 1 + random.nextInt(most));
        promise.attempted = promise.attempted.plus(from, to);
        Tracts.Builder write =
                write(tract, from, to).generation(promise.generation).withRanges();
        TractState state = (sync ? write.synced() : write).to(simulated.storage());
        promise.acknowledged = promise.acknowledged.plus(from, to);
        exists(promise, sync);
        assertThat(held(state)).isEqualTo(promise.acknowledged);
    }

    private void sync(TractId tract, Promise promise) throws IOException {
        try {
            simulated.storage().sync(tract);
            exists(promise, true);
        } catch (TractException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.TRACT_NOT_FOUND);
            assertThat(promise.exists).isFalse();
        }
    }

    private void reconcile(TractId tract, Promise promise) throws IOException {
        int from = random.nextInt(14) * 512;
        int to = from + 1 + random.nextInt(3000);
        promise.attempted = promise.attempted.plus(from, to);
        simulated.storage().reconcile(Tracts.reconciled(tract, from, to));
        promise.generation = Math.max(1, promise.generation);
        promise.acknowledged = promise.acknowledged.plus(from, to);
        exists(promise, false);
    }

    private void cut(TractId tract, Promise promise) throws IOException {
        if (!promise.exists) {
            return;
        }
        int length = random.nextInt(6000);
        ByteRanges before = promise.acknowledged;
        ByteRanges beforeSynced = promise.synced;
        promise.acknowledged = promise.acknowledged.intersect(0, length);
        promise.synced = promise.synced.intersect(0, length);
        TractState state = simulated.storage().cut(tract, new Generation(promise.generation), length);
        assertThat(held(state))
                .as("%s cut to %s of %s", beforeSynced, length, before)
                .isEqualTo(promise.acknowledged);
        promise.attempted = promise.acknowledged;
        exists(promise, true);
    }

    private void fence(TractId tract, Promise promise) throws IOException {
        simulated.storage().fence(tract, new Generation(promise.generation + 1), 3, Tracts.SIZE);
        promise.generation++;
        exists(promise, true);
    }

    private void remove(TractId tract) throws IOException {
        if (random.nextInt(3) > 0) {
            return;
        }
        promises.forEach((other, promise) -> {
            if (other.blob().equals(tract.blob())) {
                forget(promise);
            }
        });
        simulated.storage().remove(tract.blob());
        promises.forEach((other, promise) -> {
            if (other.blob().equals(tract.blob())) {
                promise.attempted = ByteRanges.EMPTY;
            }
        });
    }

    private static void forget(Promise promise) {
        promise.acknowledged = ByteRanges.EMPTY;
        promise.synced = ByteRanges.EMPTY;
        promise.generation = 0;
        promise.syncedGeneration = 0;
        promise.exists = false;
        promise.existsSynced = false;
    }

    private void maintain() throws IOException {
        simulated.clock.advance(Duration.ofSeconds(random.nextInt(40)));
        simulated.storage().maintain();
    }

    private static void exists(Promise promise, boolean synced) {
        promise.exists = true;
        if (synced) {
            promise.synced = promise.acknowledged;
            promise.syncedGeneration = promise.generation;
            promise.existsSynced = true;
        }
    }

    private void allSynced() {
        promises.values().stream().filter(promise -> promise.exists).forEach(promise -> exists(promise, true));
    }

    private void check(boolean power) throws IOException {
        for (Map.Entry<TractId, Promise> entry : promises.entrySet()) {
            Promise promise = entry.getValue();
            ByteRanges least = power ? promise.synced : promise.acknowledged;
            boolean exists = power ? promise.existsSynced : promise.exists;
            var state = simulated.storage().state(entry.getKey());
            assertThat(state.isPresent() || !exists)
                    .as("%s is there", entry.getKey())
                    .isTrue();
            ByteRanges held = state.map(StoreCrashTest::held).orElse(ByteRanges.EMPTY);
            assertThat(least.minus(held))
                    .as("%s lost, power=%s, %s", entry.getKey(), power, state)
                    .isEqualTo(ByteRanges.EMPTY);
            assertThat(held.minus(promise.attempted))
                    .as("%s invented", entry.getKey())
                    .isEqualTo(ByteRanges.EMPTY);
            if (state.isPresent()) {
                long generation = state.get().generation().value();
                assertThat(generation).isGreaterThanOrEqualTo(power ? promise.syncedGeneration : promise.generation);
                assertThat(state.get().damaged()).allMatch(span -> power);
                checkBytes(entry.getKey(), state.get());
                assertThat(simulated.storage().verify(entry.getKey()).damaged())
                        .isEqualTo(state.get().damaged());
                promise.generation = generation;
            }
            // From here on the store's word is what counts.
            promise.acknowledged = held;
            promise.exists = state.isPresent();
            promise.attempted = held.plus(promise.attempted);
            if (!state.isPresent()) {
                forget(promise);
            }
            if (power) {
                promise.existsSynced = false;
                promise.synced = ByteRanges.EMPTY;
            }
            assertThat(simulated.storage().list(row(entry.getKey()), null, 100).stream()
                            .anyMatch(listed -> listed.tract().equals(entry.getKey())))
                    .isEqualTo(state.isPresent());
        }
    }

    private void checkBytes(TractId tract, TractState state) throws IOException {
        for (ByteRange range : heldUndamaged(state).list()) {
            Tracts.assertReads(simulated.storage(), tract, range.from(), range.to());
        }
    }

    /** What can be read: below the length, without damaged chunks. */
    private static ByteRanges heldUndamaged(TractState state) {
        ByteRanges readable = ByteRanges.of(0, state.length());
        for (Span span : state.damaged()) {
            readable = readable.minus(span.from(), span.to());
        }
        return readable;
    }

    private static ByteRanges held(TractState state) {
        ByteRanges held = heldUndamaged(state);
        for (Span span : state.ranges()) {
            held = held.plus(span.from(), span.to());
        }
        return held;
    }
}
