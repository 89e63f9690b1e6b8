package io.tractfs.metadata.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.permission.Requester;
import io.tractfs.time.Clock;
import io.tractfs.wire.auth.Caller;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class RequestersTest {
    private static final long KEEP = 100;

    /** Groups that a test sets. */
    private static final class Directory implements GroupLookup {
        final Map<String, Set<String>> groups = new HashMap<>();
        int lookups;

        @Override
        public Set<String> groupsOf(String user) throws IOException {
            lookups++;
            if (user.equals("broken")) {
                throw new IOException("no directory");
            }
            return groups.getOrDefault(user, Set.of());
        }
    }

    /** Time that a test sets. */
    private static final class ManualClock implements Clock {
        long nanos;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long wallMs() {
            return 0;
        }
    }

    private final Directory directory = new Directory();
    private final ManualClock clock = new ManualClock();
    private final ProxyPolicy proxies = (real, effective, remote) -> {
        if (!real.equals("oozie")) {
            ProxyPolicy.NOBODY.authorize(real, effective, remote);
        }
    };
    private final Requesters requesters = new Requesters(
            directory, proxies, new Requesters.Superusers("hdfs", "supergroup"), Runnable::run, clock, KEEP);

    private static Caller caller(String effective, String real) {
        return new Caller(
                effective, real, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), Caller.NO_CLIENT, 0, 0);
    }

    private static void assertFails(CompletableFuture<Requester> answer, ErrorCode code) {
        assertThatThrownBy(answer::get)
                .cause()
                .isInstanceOfSatisfying(
                        TractException.class, error -> assertThat(error.code()).isEqualTo(code));
    }

    @Test
    void knowsGroupsAndSuperusers() throws Exception {
        directory.groups.put("alice", Set.of("users"));
        directory.groups.put("admin", Set.of("supergroup"));
        assertThat(requesters.resolve(caller("alice", "alice")).get())
                .isEqualTo(new Requester("alice", Set.of("users"), false));
        assertThat(requesters.resolve(caller("hdfs", "hdfs")).get().superuser()).isTrue();
        assertThat(requesters.resolve(caller("admin", "admin")).get().superuser())
                .isTrue();
    }

    @Test
    void looksUpAgainOnlyAfterAWhile() throws Exception {
        requesters.resolve(caller("alice", "alice")).get();
        clock.nanos = KEEP - 1;
        requesters.resolve(caller("alice", "alice")).get();
        assertThat(directory.lookups).isEqualTo(1);
        clock.nanos = KEEP;
        requesters.resolve(caller("alice", "alice")).get();
        assertThat(directory.lookups).isEqualTo(2);
    }

    @Test
    void letsOnlyTrustedUsersActForOthers() throws Exception {
        assertThat(requesters.resolve(caller("alice", "oozie")).get().user()).isEqualTo("alice");
        assertFails(requesters.resolve(caller("hdfs", "mallory")), ErrorCode.AUTHENTICATION_FAILED);
        assertFails(requesters.resolve(caller("hdfs", "mallory")), ErrorCode.AUTHENTICATION_FAILED);
    }

    @Test
    void failsWhenTheLookupDoesAndTriesAgain() {
        assertFails(requesters.resolve(caller("broken", "broken")), ErrorCode.AUTHENTICATION_FAILED);
        assertFails(requesters.resolve(caller("broken", "broken")), ErrorCode.AUTHENTICATION_FAILED);
        assertThat(directory.lookups).isEqualTo(2);
    }

    @Test
    void boundsWhatItKeepsAndWhatWaits() throws Exception {
        for (int i = 0; i <= Requesters.MAX_KEPT; i++) {
            requesters.resolve(caller("u" + i, "u" + i)).get();
        }
        requesters.resolve(caller("u0", "u0")).get();
        assertThat(directory.lookups).isEqualTo(Requesters.MAX_KEPT + 2);
        Requesters full = new Requesters(
                directory,
                proxies,
                new Requesters.Superusers("hdfs", "supergroup"),
                task -> {
                    throw new RejectedExecutionException("full");
                },
                clock,
                KEEP);
        assertFails(full.resolve(caller("alice", "alice")), ErrorCode.BUSY);
    }
}
