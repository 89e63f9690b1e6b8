package io.tractfs.client.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.client.retry.RetryConfig;
import io.tractfs.time.Clock;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.RpcClientConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientPoolTest {
    private final ClientPool pool = new ClientPool(Clock.SYSTEM);

    @AfterEach
    void close() {
        pool.close();
    }

    private static PoolKey key(String user) {
        return key(user, 1);
    }

    private static PoolKey key(String user, long retryMs) {
        return new PoolKey(
                List.of(new HostPort("localhost", 7610)),
                user,
                user,
                new PoolConfig(1, 0, 0, RpcClientConfig.defaults()),
                new RetryConfig(retryMs, 1, 1, 1, 1));
    }

    @Test
    void sharesPartsBetweenClientsOfOneClusterAndIdentity() {
        ClientPool.Use first = pool.use(key("a"));
        ClientPool.Use second = pool.use(key("a"));
        ClientPool.Use other = pool.use(key("b"));
        assertThat(second.cluster()).isSameAs(first.cluster());
        assertThat(other.cluster()).isNotSameAs(first.cluster());
        assertThat(other.cluster().loops()).isSameAs(first.cluster().loops());
        List.of(first, second, other).forEach(ClientPool.Use::close);
    }

    @Test
    void clientsWithDifferentSettingsKeepTheirOwn() {
        ClientPool.Use patient = pool.use(key("a", 60_000));
        ClientPool.Use hasty = pool.use(key("a", 5));
        assertThat(hasty.cluster()).isNotSameAs(patient.cluster());
        assertThat(hasty.cluster().loops()).isSameAs(patient.cluster().loops());
        hasty.close();
        assertThat(pool.clusterCount()).isEqualTo(1);
        assertThat(pool.use(key("a", 60_000)).cluster()).isSameAs(patient.cluster());
    }

    @Test
    void closesWithTheLastUserOnly() {
        ClientPool.Use first = pool.use(key("a"));
        ClientPool.Use second = pool.use(key("a"));
        first.close();
        first.close();
        assertThat(pool.clusterCount()).isEqualTo(1);
        second.close();
        assertThat(pool.clusterCount()).isZero();
    }

    @Test
    void keepsAnIdleClusterThatIsUsedAgain() {
        ClientPool.Use first = pool.use(key("a"));
        ClientPool.Use second = pool.use(key("a"));
        first.close();
        ClientPool.Use third = pool.use(key("a"));
        second.close();
        assertThat(third.cluster()).isSameAs(first.cluster());
        assertThat(pool.clusterCount()).isEqualTo(1);
        third.close();
    }

    @Test
    void leavesNoThreadsHoweverManyClientsComeAndGo() throws InterruptedException {
        for (int i = 0; i < 3_000; i++) {
            ClientPool.Use use = pool.use(key("user" + i % 7));
            assertThat(use.cluster().table().current()).isEmpty();
            use.close();
        }
        assertThat(pool.clusterCount()).isZero();
        for (Thread thread : threads()) {
            assertThat(thread.isDaemon()).as(thread.getName()).isTrue();
            thread.join(10_000);
        }
        assertThat(threads()).isEmpty();
    }

    private static List<Thread> threads() {
        Set<Thread> all = Thread.getAllStackTraces().keySet();
        return new ArrayList<>(all.stream()
                .filter(thread -> thread.getName().startsWith("tractfs-client"))
                .collect(Collectors.toList()));
    }
}
