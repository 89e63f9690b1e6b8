package io.tractfs.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import io.tractfs.wire.proto.CreateRequest;
import io.tractfs.wire.proto.ReadTractRequest;
import io.tractfs.wire.proto.WriteTractRequest;
import io.tractfs.wire.rpc.HostPort;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams and calls of a whole client over servers in memory. */
class TractFsClientTest {
    private static final int TRACT = InMemoryMetadata.TRACT;

    private ClientFixture fixture;

    @BeforeEach
    void begin() throws Exception {
        fixture = new ClientFixture(Map.of());
    }

    @AfterEach
    void nothingLeaks() {
        fixture.client.close();
        fixture.assertNothingLeaks();
    }

    @Test
    void readsBackWhatItWroteWhateverTheLength() throws Exception {
        int[] lengths = {0, 1, 511, 512, 513, 1023, 1025, TRACT - 1, TRACT, TRACT + 1, 3 * TRACT + 777, 10 * TRACT};
        for (int length : lengths) {
            byte[] bytes = ClientFixture.bytes(length, length);
            fixture.write("/file", bytes);
            assertThat(fixture.servers.metadata.file("/file").getLength()).isEqualTo(length);
            assertThat(fixture.read("/file", 100)).isEqualTo(bytes);
            assertThat(fixture.read("/file", 5000)).isEqualTo(bytes);
        }
    }

    @Test
    void readsRangesAnywhereInAnyOrder() throws Exception {
        byte[] bytes = ClientFixture.bytes(1, 3 * TRACT + 100);
        fixture.write("/file", bytes);
        SplittableRandom random = new SplittableRandom(5);
        try (TractInput input = fixture.client.open("/file")) {
            input.hint(ReadPattern.RANDOM);
            for (int i = 0; i < 200; i++) {
                int from = random.nextInt(bytes.length);
                int count = 1 + random.nextInt(2 * TRACT);
                ByteBuffer target = i % 2 == 0 ? ByteBuffer.allocate(count) : ByteBuffer.allocateDirect(count);
                int expected = Math.min(count, bytes.length - from);
                int got = i % 3 == 0 ? input.readAsync(from, target).get() : input.read(from, target);
                assertThat(got).isEqualTo(expected);
                target.flip();
                assertThat(target).isEqualTo(ByteBuffer.wrap(bytes, from, expected));
            }
            assertThat(input.counters().retries()).isZero();
        }
    }

    @Test
    void takesTwoRoundTripsToTheNamespaceForASmallFileAndSyncsIt() throws Exception {
        fixture.write("/warm", new byte[10]);
        fixture.servers.log.clear();
        fixture.write("/file", new byte[100]);
        assertThat(fixture.servers.log)
                .containsExactlyInAnyOrder("create", "writeTract", "writeTract", "writeTract", "complete");
        for (int store : fixture.servers.metadata.members(fixture.tract("/file", 0))) {
            assertThat(held(store, fixture.tract("/file", 0)).synced).isEqualTo(100);
        }
    }

    @Test
    void putsTheSameBytesOnEveryMember() throws Exception {
        byte[] bytes = ClientFixture.bytes(3, 2 * TRACT);
        fixture.write("/file", bytes);
        TractId tract = fixture.tract("/file", 1);
        for (int store : fixture.servers.metadata.members(tract)) {
            assertThat(held(store, tract).bytes).isEqualTo(Arrays.copyOfRange(bytes, TRACT, 2 * TRACT));
        }
    }

    private InMemoryStore.Tract held(int store, TractId tract) {
        return Objects.requireNonNull(
                fixture.servers.metadata.stores.get(store).tracts.get(tract));
    }

    @Test
    void appendsToTheLastSegmentOrToANewOne() throws Exception {
        byte[] bytes = ClientFixture.bytes(4, 3_000);
        fixture.write("/file", Arrays.copyOf(bytes, 700));
        append(bytes, 700, 1_900, false);
        assertThat(fixture.servers.metadata.file("/file").getSegmentsCount()).isEqualTo(1);
        append(bytes, 1_900, 3_000, true);
        assertThat(fixture.servers.metadata.file("/file").getSegmentsCount()).isEqualTo(2);
        assertThat(fixture.read("/file", 333)).isEqualTo(bytes);
    }

    private void append(byte[] bytes, int from, int to, boolean newSegment) throws Exception {
        try (TractOutput output = fixture.client.append("/file", newSegment)) {
            assertThat(output.position()).isEqualTo(from);
            output.write(bytes, from, to - from);
            assertThat(output.position()).isEqualTo(to);
        }
    }

    /** P24: what was flushed and not synced is gone on every member, though they remember that it was acknowledged. */
    @Test
    void readsWhatIsLeftOfAnOpenFileWhoseMembersAllLostPower() throws Exception {
        byte[] bytes = ClientFixture.bytes(6, 5 * TRACT);
        try (TractOutput output = fixture.client.create("/log", ClientFixture.options(false))) {
            output.write(bytes, 0, 4 * TRACT);
            output.hflush();
            output.write(bytes, 4 * TRACT, 300);
            output.hflush();
            output.write(bytes, 4 * TRACT + 300, 1);
            output.hflush();
            losePower(4, 200);
            assertThat(fixture.read("/log", 1000)).isEqualTo(Arrays.copyOf(bytes, 4 * TRACT + 200));
            losePower(2, 100);
            assertThat(fixture.read("/log", 1000))
                    .as("a tract before the end was lost in part")
                    .isEqualTo(Arrays.copyOf(bytes, 2 * TRACT + 100));
            losePower(4, 0);
            assertThat(fixture.client.status("/log").length()).isEqualTo(2 * TRACT + 100);
        }
    }

    private void losePower(int index, int left) throws Exception {
        for (int store : fixture.servers.metadata.members(fixture.tract("/log", index))) {
            InMemoryStore.Tract held = held(store, fixture.tract("/log", index));
            held.bytes = Arrays.copyOf(held.bytes, left);
        }
    }

    @Test
    void showsFlushedBytesToNewReadersAndInTheStatus() throws Exception {
        byte[] bytes = ClientFixture.bytes(5, 5 * TRACT + 300);
        try (TractOutput output = fixture.client.create("/log", ClientFixture.options(false))) {
            output.write(bytes, 0, 100);
            output.hflush();
            try (TractInput input = fixture.client.open("/log")) {
                assertThat(input.length()).isEqualTo(100);
                output.write(bytes, 100, bytes.length - 100);
                output.hflush();
                assertThat(input.length()).isEqualTo(100);
                assertThat(input.refreshLength()).isEqualTo(bytes.length);
                assertThat(ClientFixture.readAll(input, 1000)).isEqualTo(bytes);
            }
            assertThat(fixture.client.status("/log").length()).isEqualTo(bytes.length);
            assertThat(fixture.servers.metadata.file("/log").getLength()).isZero();
            output.hsync(true);
            assertThat(fixture.servers.metadata.file("/log").getLength()).isEqualTo(bytes.length);
        }
    }

    @Test
    void goesOnWritingWhenAStoreDies() throws Exception {
        byte[] bytes = ClientFixture.bytes(6, 6 * TRACT);
        AtomicInteger writes = new AtomicInteger();
        fixture.servers.refuse = sent -> {
            if (sent.message() instanceof WriteTractRequest && writes.incrementAndGet() == 10) {
                fixture.servers.dead.add(sent.to().port() - InMemoryMetadata.FIRST_PORT);
                return Optional.of(ErrorCode.CONNECTION_LOST);
            }
            return Optional.empty();
        };
        fixture.write("/file", bytes);
        assertThat(fixture.servers.metadata.complaints).isNotEmpty();
        assertThat(fixture.read("/file", 2000)).isEqualTo(bytes);
    }

    @Test
    void goesOnWritingWhenAStoreIsSilent() throws Exception {
        byte[] bytes = ClientFixture.bytes(7, 3 * TRACT);
        fixture.write("/warm", new byte[1]);
        fixture.servers.silent.add(1);
        fixture.write("/file", bytes);
        assertThat(fixture.time.monotonicMs())
                .as("does not wait for the time-out")
                .isLessThan(15_000);
        assertThat(fixture.read("/file", 2000)).isEqualTo(bytes);
    }

    @Test
    void goesRoundAFrozenRowInANewSegment() throws Exception {
        byte[] bytes = ClientFixture.bytes(8, 7 * TRACT + 5);
        AtomicInteger writes = new AtomicInteger();
        fixture.servers.refuse = sent -> {
            if (sent.message() instanceof WriteTractRequest write && writes.incrementAndGet() == 20) {
                fixture.servers.metadata.freeze(write.getAddress().getRow(), true);
                return Optional.of(ErrorCode.CLASS_FROZEN);
            }
            return Optional.empty();
        };
        fixture.time.passWhile(() -> {
            try (TractOutput output = fixture.client.create("/file", ClientFixture.options(false))) {
                output.write(bytes, 0, 5_000);
                output.hflush();
                output.write(bytes, 5_000, bytes.length - 5_000);
                assertThat(output.position()).isEqualTo(bytes.length);
            }
            return true;
        });
        assertThat(fixture.servers.metadata.file("/file").getSegmentsCount()).isGreaterThan(1);
        assertThat(fixture.servers.metadata.file("/file").getLength()).isEqualTo(bytes.length);
        assertThat(fixture.read("/file", 700)).isEqualTo(bytes);
    }

    @Test
    void readsElsewhereWhenAMemberGivesDamagedBytesAndReportsIt() throws Exception {
        byte[] bytes = ClientFixture.bytes(9, TRACT);
        fixture.write("/file", bytes);
        TractId tract = fixture.tract("/file", 0);
        int[] members = fixture.servers.metadata.members(tract);
        fixture.servers.metadata.stores.get(members[0]).damaged.add(tract);
        fixture.servers.metadata.stores.get(members[1]).damaged.add(tract);
        for (int i = 0; i < 3; i++) {
            assertThat(fixture.read("/file", TRACT)).isEqualTo(bytes);
        }
        assertThat(fixture.servers.count("reportDamage")).isPositive();
    }

    @Test
    void failsToReadWhatEveryMemberHasDamagedAndNamesRowAndTract() throws Exception {
        fixture.write("/file", new byte[600]);
        TractId tract = fixture.tract("/file", 0);
        fixture.servers.metadata.stores.forEach(store -> store.damaged.add(tract));
        assertThatThrownBy(() -> fixture.read("/file", 600))
                .isInstanceOfSatisfying(
                        TractException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DAMAGED))
                .hasMessageContaining(tract.toString())
                .hasMessageContaining("row");
    }

    @Test
    void readsElsewhereWhenMembersAreDead() throws Exception {
        byte[] bytes = ClientFixture.bytes(10, 2 * TRACT);
        fixture.write("/file", bytes);
        fixture.servers.dead.addAll(List.of(0, 1));
        assertThat(fixture.read("/file", 3000)).isEqualTo(bytes);
    }

    @Test
    void asksASecondMemberWhenTheFirstIsSlow() throws Exception {
        byte[] bytes = ClientFixture.bytes(11, 2 * TRACT);
        fixture.write("/file", bytes);
        int[] members = fixture.servers.metadata.members(fixture.tract("/file", 0));
        fixture.servers.silent.add(members[0]);
        fixture.servers.silent.add(members[1]);
        long before = fixture.time.monotonicMs();
        assertThat(fixture.read("/file", 3000)).isEqualTo(bytes);
        assertThat(fixture.time.monotonicMs() - before).isLessThan(20_000);
        fixture.time.advance(60_000);
    }

    @Test
    void readsFromAnotherCopyWhenItIsAskedTo() throws Exception {
        byte[] bytes = ClientFixture.bytes(13, TRACT);
        fixture.write("/file", bytes);
        List<HostPort> asked = new CopyOnWriteArrayList<>();
        fixture.servers.refuse = sent -> {
            if (sent.message() instanceof ReadTractRequest) {
                asked.add(sent.to());
            }
            return Optional.empty();
        };
        try (TractInput input = fixture.client.open("/file")) {
            assertThat(input.read(0, ByteBuffer.allocate(10))).isEqualTo(10);
            assertThat(input.turnToAnotherCopy(0)).isTrue();
            assertThat(input.read(0, ByteBuffer.allocate(10))).isEqualTo(10);
        }
        assertThat(asked).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void readsAheadWithinItsWindow() throws Exception {
        byte[] bytes = ClientFixture.bytes(12, 8 * TRACT);
        fixture.write("/file", bytes);
        try (TractInput input = fixture.client.open("/file")) {
            assertThat(input.read(0, ByteBuffer.allocate(10))).isEqualTo(10);
            assertThat(input.counters().bytesFetched()).isEqualTo(10);
            assertThat(input.read(10, ByteBuffer.allocate(10))).isEqualTo(10);
            assertThat(input.counters().bytesFetched()).isLessThan(3000);
            for (int at = 20; at < 6000; at += 10) {
                assertThat(input.read(at, ByteBuffer.allocate(10))).isEqualTo(10);
            }
            assertThat(input.counters().bytesFetched()).isBetween(9_000L, 6_000L + 4096 + 1024);
            input.unbuffer();
            assertThat(fixture.budget.used()).isZero();
        }
    }

    @Test
    void givesUpAFileThatIsAborted() throws Exception {
        TractOutput output = fixture.client.create("/file", ClientFixture.options(true));
        output.write(new byte[3000], 0, 3000);
        output.abort();
        output.close();
        assertThat(fixture.servers.metadata.files).doesNotContainKey("/file");
        assertThatThrownBy(() -> output.write(new byte[1], 0, 1)).hasMessageContaining("closed");
    }

    @Test
    void failsWhenAnotherWriterRaisedTheGeneration() throws Exception {
        TractOutput output = fixture.client.create("/file", ClientFixture.options(true));
        output.write(new byte[10], 0, 10);
        output.hflush();
        TractId tract = fixture.tract("/file", 0);
        for (int store : fixture.servers.metadata.members(tract)) {
            held(store, tract).generation = 2;
        }
        output.write(new byte[10], 0, 10);
        assertThatThrownBy(output::hflush)
                .isInstanceOfSatisfying(
                        TractException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LEASE_EXPIRED));
        assertThatThrownBy(output::close).isInstanceOf(TractException.class);
        output.close();
        assertThat(fixture.servers.count("complete")).isZero();
    }

    @Test
    void keepsTheCallIdOverRetriesSoThatACreateHappensOnce() throws Exception {
        AtomicInteger creates = new AtomicInteger();
        fixture.servers.lose = sent -> sent.message() instanceof CreateRequest && creates.incrementAndGet() < 3
                ? Optional.of(ErrorCode.CONNECTION_LOST)
                : Optional.empty();
        CreateOptions exclusive = new CreateOptions(0644, false, true, false, 0, 0, true);
        TractOutput output = fixture.time.passWhile(() -> fixture.client.create("/file", exclusive));
        output.close();
        assertThat(fixture.servers.count("create")).isEqualTo(3);
        assertThat(fixture.servers.metadata.files).containsKey("/file");
    }

    @Test
    void renewsTheLeaseWithTheAcknowledgedLengthAndStopsWhenNothingIsOpen() throws Exception {
        TractOutput output = fixture.client.create("/file", ClientFixture.options(false));
        output.write(new byte[700], 0, 700);
        output.hflush();
        fixture.time.advance(InMemoryMetadata.LEASE_MS);
        assertThat(fixture.servers.metadata.renewals).hasSize(3);
        assertThat(fixture.servers.metadata.renewals.get(0).getFiles(0).getLastSegmentLength())
                .isEqualTo(700);
        output.close();
        fixture.time.advance(10 * InMemoryMetadata.LEASE_MS);
        assertThat(fixture.servers.metadata.renewals).hasSize(3);
    }

    @Test
    void failsAFlushWhenTheLeaseWasLost() throws Exception {
        TractOutput output = fixture.client.create("/file", ClientFixture.options(false));
        output.write(new byte[700], 0, 700);
        fixture.servers.metadata.leaseLost = true;
        fixture.time.advance(InMemoryMetadata.LEASE_MS);
        assertThatThrownBy(output::hflush)
                .isInstanceOfSatisfying(
                        TractException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LEASE_EXPIRED));
        assertThatThrownBy(output::close).isInstanceOf(TractException.class);
    }

    @Test
    void confirmsALeaseThatRanOutWhileTheWriterSlept() throws Exception {
        AtomicInteger renewals = new AtomicInteger();
        fixture.servers.refuse = sent -> sent.method().equals("renewLease") && renewals.incrementAndGet() < 20
                ? Optional.of(ErrorCode.CONNECT_FAILED)
                : Optional.empty();
        TractOutput output = fixture.client.create("/file", ClientFixture.options(false));
        output.write(new byte[700], 0, 700);
        fixture.time.advance(InMemoryMetadata.LEASE_MS);
        fixture.time.passWhile(() -> {
            output.hflush();
            output.close();
            return true;
        });
        assertThat(fixture.servers.metadata.renewals).isNotEmpty();
    }

    @Test
    void aStreamThatIsCollectedCommitsNothingAndGivesBackItsMemory() throws Exception {
        WeakReference<TractOutput> dropped = fixture.time.passWhile(() -> {
            TractOutput output = fixture.client.create("/file", ClientFixture.options(false));
            output.write(new byte[TRACT + 700], 0, TRACT + 700);
            return new WeakReference<>(output);
        });
        for (int i = 0; i < 500 && dropped.get() != null; i++) {
            System.gc();
        }
        assertThat(dropped.get()).isNull();
        fixture.time.advance(InMemoryMetadata.LEASE_MS);
        fixture.assertNothingLeaks();
        assertThat(fixture.servers.metadata.file("/file").getOpen()).isTrue();
        assertThat(fixture.servers.metadata.file("/file").getLength()).isZero();
    }

    @Test
    void refusesCallsAfterClose() {
        fixture.client.close();
        assertThatThrownBy(() -> fixture.client.status("/")).hasMessageContaining("closed");
    }

    @Test
    void dropsWhatIsOpenWhenItIsClosed() throws Exception {
        TractOutput output = fixture.client.create("/file", ClientFixture.options(true));
        output.write(new byte[100], 0, 100);
        fixture.client.close();
        assertThatThrownBy(() -> output.write(new byte[1], 0, 1)).hasMessageContaining("closed");
        assertThat(fixture.servers.count("complete")).isZero();
    }

    @Test
    void givesTheLowerBoundInAStatusWhileAMemberOfTheTailIsAway() throws Exception {
        try (TractOutput output = fixture.client.create("/log", ClientFixture.options(false))) {
            output.write(new byte[300], 0, 300);
            output.hsync(true);
            output.write(new byte[300], 0, 300);
            output.hflush();
            fixture.servers.refuse =
                    sent -> sent.method().equals("tail") ? Optional.of(ErrorCode.CONNECT_FAILED) : Optional.empty();
            assertThat(fixture.time.passWhile(
                            () -> fixture.client.status("/log").length()))
                    .isEqualTo(300);
            assertThatThrownBy(() -> fixture.time.passWhile(() -> fixture.client.open("/log")))
                    .hasMessageContaining("tail");
        }
    }

    @Test
    void findsTheEndOfAnOpenFileFarBeyondWhatTheNamespaceKnows() throws Exception {
        byte[] bytes = ClientFixture.bytes(20, 60 * TRACT + 123);
        try (TractOutput output = fixture.client.create("/log", ClientFixture.options(false))) {
            output.write(bytes, 0, bytes.length);
            output.hflush();
            fixture.servers.log.clear();
            assertThat(fixture.client.status("/log").length()).isEqualTo(bytes.length);
            assertThat(fixture.servers.count("tail"))
                    .as("strides, not every tract")
                    .isLessThan(3 * 25);
        }
    }

    @Test
    void doesNotCompleteAFileAfterAWriteWasInterrupted() throws Exception {
        TractOutput output = fixture.client.create("/file", ClientFixture.options(false));
        fixture.servers.refuse =
                sent -> sent.method().equals("writeTract") ? Optional.of(ErrorCode.BUSY) : Optional.empty();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> output.write(new byte[20_000], 0, 20_000))
                .isInstanceOf(TractException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        fixture.servers.refuse = sent -> Optional.empty();
        fixture.time.advance(1_000);
        assertThatThrownBy(output::close).isInstanceOf(TractException.class).hasMessageContaining("Interrupted");
        output.close();
        assertThat(fixture.servers.count("complete")).isZero();
    }

    @Test
    void failsInTheEndWhenEveryRowStaysFrozen() throws Exception {
        for (int row = 0; row < InMemoryMetadata.ROWS; row++) {
            fixture.servers.metadata.freeze(row, true);
        }
        assertThatThrownBy(() -> fixture.write("/file", new byte[100]))
                .isInstanceOfSatisfying(
                        TractException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ROW_UNAVAILABLE))
                .hasMessageContaining("frozen");
        assertThat(fixture.servers.count("addSegment")).isBetween(3L, 20L);
    }
}
