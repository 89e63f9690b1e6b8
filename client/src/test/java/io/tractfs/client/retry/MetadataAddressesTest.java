package io.tractfs.client.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.time.Clock;
import io.tractfs.wire.rpc.HostPort;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MetadataAddressesTest {
    private static final HostPort A = new HostPort("a", 1);
    private static final HostPort B = new HostPort("b", 1);
    private static final HostPort C = new HostPort("c", 1);

    private final HandClock clock = new HandClock();
    private final MetadataAddresses addresses = new MetadataAddresses(List.of(A, B, C), clock);

    /** A clock that is set by hand. */
    private static final class HandClock implements Clock {
        long ms;

        @Override
        public long wallMs() {
            return ms;
        }

        @Override
        public long nanoTime() {
            return TimeUnit.MILLISECONDS.toNanos(ms);
        }
    }

    @Test
    void goesRoundOnceForAllCallsThatFailAtOneServer() {
        addresses.turnFrom(A, false);
        addresses.turnFrom(A, false);

        assertThat(addresses.leader()).isEqualTo(B);
    }

    @Test
    void goesWhereAServerSaysThatTheLeaderIs() {
        assertThat(addresses.turnTo("c:1")).isTrue();
        assertThat(addresses.leader()).isEqualTo(C);
    }

    @Test
    void takesNoNameThatIsNotConfigured() {
        assertThat(addresses.turnTo("d:1")).isFalse();
        assertThat(addresses.turnTo("")).isFalse();
        assertThat(addresses.leader()).isEqualTo(A);
    }

    @Test
    void passesOverAServerThatWasSilentUntilAWhileLater() {
        addresses.turnFrom(A, true);
        addresses.turnFrom(B, false);
        addresses.turnFrom(C, false);
        assertThat(addresses.leader()).isEqualTo(B);
        assertThat(addresses.turnTo("a:1")).isFalse();

        clock.ms += 3_001;
        addresses.turnFrom(B, false);
        addresses.turnFrom(C, false);
        assertThat(addresses.leader()).isEqualTo(A);
    }

    @Test
    void asksSilentServersAllTheSameIfThereAreNoOthers() {
        addresses.turnFrom(A, true);
        addresses.turnFrom(B, true);
        addresses.turnFrom(C, true);

        assertThat(addresses.leader()).isEqualTo(A);
    }
}
