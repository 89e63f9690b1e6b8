package io.tractfs.metadata.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.BlobId;
import io.tractfs.id.ClientId;
import io.tractfs.id.ClusterId;
import io.tractfs.id.FileId;
import io.tractfs.id.Lineage;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.CallName;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.ClusterLayout;
import io.tractfs.metadata.namespace.FileCommand;
import io.tractfs.metadata.namespace.FileDefaults;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.InMemoryKeyValueStore;
import io.tractfs.metadata.namespace.NamespaceReader;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.permission.Requester;
import io.tractfs.metadata.raft.InMemoryCommandLog;
import io.tractfs.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class LeaseMonitorTest {
    private static final ClientId WRITER = new ClientId(new UUID(0, 1));
    private static final ClientId OTHER = new ClientId(new UUID(0, 2));
    private static final long SOFT = 60;
    private static final long HARD = 1200;

    /** Time that a test sets. */
    private static final class ManualClock implements Clock {
        long nanos;
        long wallMs;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long wallMs() {
            return wallMs;
        }
    }

    private record Started(FileStatus status, long acknowledgedLength) {}

    private final ManualClock clock = new ManualClock();
    private final InMemoryKeyValueStore store = new InMemoryKeyValueStore();
    private final NamespaceState state = new NamespaceState(store);
    private final NamespaceReader reader = new NamespaceReader(store);
    private final InMemoryCommandLog log = new InMemoryCommandLog(state, clock);
    private final LeaseClock leases = new LeaseClock(SOFT, HARD);
    private final List<Started> started = new ArrayList<>();
    private final LeaseMonitor monitor =
            new LeaseMonitor(leases, reader, log, (status, length) -> started.add(new Started(status, length)), clock);
    private long calls;

    LeaseMonitorTest() throws Exception {
        ClusterLayout layout = new ClusterLayout(
                new ClusterId(new UUID(1, 1)), 16, 3, new FileDefaults(1 << 20, 3, 1 << 20, 4), "supergroup");
        log.submit(Call.ofSystem(new ClusterCommand.Format(layout, "root"))).get();
        log.submit(Call.ofSystem(new ClusterCommand.TakeEpoch(new Lineage(new UUID(2, 2)))))
                .get();
    }

    private FileStatus create(ClientId client, String path) throws ExecutionException, InterruptedException {
        FileCommand create = new FileCommand.Create(path, 0644, false, true, false, 0, 0, 0, 0);
        Requester root = new Requester("root", Set.of(), true);
        Result result = log.submit(new Call(root, new CallName(client, ++calls), create))
                .get();
        leases.renew(client, clock.nanoTime());
        return ((Result.Opened) result).status();
    }

    @Test
    void takesTheFilesOfASilentWriterAtTheHardLimit() throws Exception {
        FileStatus file = create(WRITER, "/f");
        create(OTHER, "/g");
        clock.nanos = HARD - 1;
        leases.renew(OTHER, clock.nanos);
        monitor.tick();
        assertThat(started).isEmpty();
        clock.nanos = HARD;
        monitor.tick();
        assertThat(started).hasSize(1);
        assertThat(started.get(0).status().file()).isEqualTo(file.file());
        assertThat(started.get(0).status().generation())
                .isEqualTo(file.generation().next());
        monitor.tick();
        assertThat(started).hasSize(1);
    }

    @Test
    void tellsRecoveryHowFarTheWriterWasAcknowledged() throws Exception {
        FileStatus file = create(WRITER, "/f");
        leases.renew(WRITER, List.of(acknowledged(file, 4096)), 1);
        clock.nanos = HARD + 1;
        monitor.tick();
        assertThat(started.get(0).acknowledgedLength()).isEqualTo(4096);
    }

    /** B8: renewals are not in the log, so a new leader knows of none; it takes no file for that. */
    @Test
    void b8ANewLeaderCountsLeasesAnewAndResumesRecoveries() throws Exception {
        FileStatus open = create(WRITER, "/open");
        FileStatus left = create(OTHER, "/left");
        monitor.recover(left.file(), OTHER).get();
        started.clear();
        clock.nanos = HARD * 5;
        monitor.onLeader();
        assertThat(started).extracting(start -> start.status().file()).containsExactly(left.file());
        assertThat(started.get(0).status().generation().value()).isEqualTo(3);
        assertThat(leases.isSoftExpired(WRITER, clock.nanos + SOFT - 1)).isFalse();
        monitor.tick();
        assertThat(reader.holds(WRITER, open.file(), open.generation())).isTrue();
    }

    /** B8: leases are counted on the monotonic clock. */
    @Test
    void b8AJumpOfTheWallClockTakesNoFile() throws Exception {
        FileStatus file = create(WRITER, "/f");

        clock.wallMs += HARD * 1_000;
        monitor.tick();
        clock.wallMs -= HARD * 2_000;
        monitor.tick();

        assertThat(started).isEmpty();
        assertThat(leases.isSoftExpired(WRITER, clock.nanos + SOFT - 1)).isFalse();
        assertThat(reader.holds(WRITER, file.file(), file.generation())).isTrue();
    }

    /** B8: expiry is a command, which finds the file with another writer by the time it is applied. */
    @Test
    void b8AnExpiryThatComesLateTakesNothingFromTheNextWriter() throws Exception {
        FileStatus file = create(WRITER, "/f");

        Result late = monitor.recover(file.file(), OTHER).get();

        assertThat(late).isNotInstanceOf(Result.Recovering.class);
        assertThat(started).isEmpty();
        assertThat(reader.holds(WRITER, file.file(), file.generation())).isTrue();
    }

    @Test
    void beginsARecoveryThatNobodyCarriesOut() throws Exception {
        FileStatus file = create(WRITER, "/f");
        // Fenced in the log; the answer to the command was lost, so nobody heard that a recovery has to follow.
        log.submit(Call.ofSystem(new ClusterCommand.BeginRecovery(file.file(), WRITER)))
                .get();
        List<FileId> underWay = new ArrayList<>();
        LeaseMonitor attentive = new LeaseMonitor(leases, reader, log, remembering(underWay), clock);
        for (int second = 0; second < 5; second++) {
            attentive.tick();
        }
        assertThat(underWay).as("it may be about to begin").isEmpty();
        for (int second = 0; second < 20; second++) {
            attentive.tick();
        }
        assertThat(underWay).as("once").containsExactly(file.file());
    }

    // The new leadership has begun its own recovery, whose command is under way.
    @Test
    void whatAnEarlierLeadershipSawDoesNotCountInALaterOne() throws Exception {
        FileStatus file = create(WRITER, "/f");
        log.submit(Call.ofSystem(new ClusterCommand.BeginRecovery(file.file(), WRITER)))
                .get();
        List<FileId> begun = new ArrayList<>();
        LeaseMonitor again = new LeaseMonitor(leases, reader, log, (status, length) -> begun.add(status.file()), clock);
        for (int second = 0; second < 5; second++) {
            again.tick();
        }
        again.onLeader();
        for (int second = 0; second < 5; second++) {
            again.tick();
        }
        assertThat(begun).containsExactly(file.file());
    }

    private static WriterRecovery remembering(List<FileId> underWay) {
        return new WriterRecovery() {
            @Override
            public void start(FileStatus status, long acknowledgedLength) {
                underWay.add(status.file());
            }

            @Override
            public boolean isUnderWay(FileId file) {
                return underWay.contains(file);
            }
        };
    }

    @Test
    void letsOthersTakeAFileOnlyPastTheSoftLimit() {
        leases.renew(WRITER, 10);
        assertThat(leases.isSoftExpired(WRITER, 10 + SOFT - 1)).isFalse();
        assertThat(leases.isSoftExpired(WRITER, 10 + SOFT)).isTrue();
        assertThat(leases.isSoftExpired(OTHER, 10)).isTrue();
    }

    @Test
    void ignoresAnAcknowledgedLengthOfAnEarlierSegment() throws Exception {
        FileStatus file = create(WRITER, "/f");
        LeaseClock.Acknowledged earlier =
                new LeaseClock.Acknowledged(file.file(), file.generation(), new BlobId(1), 9999);
        leases.renew(WRITER, List.of(earlier), 1);
        assertThat(leases.acknowledged(file)).isZero();
    }

    private static LeaseClock.Acknowledged acknowledged(FileStatus file, long length) {
        return new LeaseClock.Acknowledged(
                file.file(), file.generation(), file.segments().get(0).blob(), length);
    }
}
