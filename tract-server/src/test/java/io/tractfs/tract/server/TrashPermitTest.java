package io.tractfs.tract.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.time.Clock;
import io.tractfs.tract.server.MetadataSession.Leader;
import io.tractfs.wire.rpc.HostPort;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TrashPermitTest {
    private final AtomicLong nanos = new AtomicLong(1);
    private final TrashPermit permit = new TrashPermit(new Clock() {
        @Override
        public long nanoTime() {
            return nanos.get();
        }

        @Override
        public long wallMs() {
            return 0;
        }
    });

    @Test
    void nothingGoesBeforeALeaderIsHeard() {
        assertThat(permit.mayGo()).isFalse();
    }

    @Test
    void trashGoesOnTheWordOfALeader() {
        permit.heard(leader(true));

        assertThat(permit.mayGo()).isTrue();
    }

    @Test
    void nothingGoesWhileARestoreIsUnconfirmed() {
        permit.heard(leader(true));
        permit.heard(leader(false));

        assertThat(permit.mayGo()).isFalse();
    }

    @Test
    void nothingGoesOnceTheLeaderIsSilent() {
        permit.heard(leader(true));
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(TrashPermit.SILENT_MS));

        assertThat(permit.mayGo()).isFalse();
    }

    private static Leader leader(boolean trashMayGo) {
        return new Leader(new HostPort("meta", 1), 0, Optional.empty(), trashMayGo);
    }
}
