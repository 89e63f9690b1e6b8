package io.tractfs.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.client.TractFsClient;
import io.tractfs.config.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClientPoolTest {
    private final AtomicInteger made = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ClientPool pool = new ClientPool(target -> {
        made.incrementAndGet();
        return new InMemoryTractFsClient(target.user(), closed::countDown);
    });

    @Test
    void makesNoClientBeforeItIsAskedFor() {
        pool.acquire(target("ada", Map.of()));

        assertThat(made).hasValue(0);
    }

    @Test
    void sharesTheClientOfEqualTargets() throws IOException {
        TractFsClient one = pool.acquire(target("ada", Map.of())).client();
        TractFsClient other = pool.acquire(target("ada", Map.of())).client();

        assertThat(one).isSameAs(other);
    }

    @Test
    void keepsUsersAndSettingsApart() throws IOException {
        pool.acquire(target("ada", Map.of())).client();
        pool.acquire(target("eve", Map.of())).client();
        pool.acquire(target("ada", Map.of("fs.tract.x", "1"))).client();

        assertThat(made).hasValue(3);
    }

    @Test
    void closesTheClientThatNobodyUsedForTheIdleTime() throws Exception {
        ClientPool.Shared shared = pool.acquire(target("ada", Map.of()));
        shared.client();
        shared.release(Duration.ZERO);

        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.size()).isZero();
    }

    @Test
    void keepsTheClientWhileSomebodyElseUsesIt() throws IOException {
        ClientPool.Shared shared = pool.acquire(target("ada", Map.of()));
        pool.acquire(target("ada", Map.of()));
        shared.client();
        shared.release(Duration.ZERO);

        assertThat(pool.size()).isOne();
        assertThat(closed.getCount()).isOne();
    }

    @Test
    void closesWhatIsLeftAtTheEnd() throws IOException {
        pool.acquire(target("ada", Map.of())).client();

        pool.close();

        assertThat(closed.getCount()).isZero();
        assertThat(pool.size()).isZero();
    }

    private static ClientTarget target(String user, Map<String, String> settings) {
        return new ClientTarget(List.of("host:7610"), user, Optional.empty(), new Settings(settings));
    }
}
