package io.tractfs.metadata.namespace;

import static io.tractfs.metadata.namespace.TestNamespace.ALICE;
import static io.tractfs.metadata.namespace.TestNamespace.FIRST;
import static io.tractfs.metadata.namespace.TestNamespace.SECOND;
import static io.tractfs.metadata.namespace.TestNamespace.assertRefused;
import static io.tractfs.metadata.namespace.TestNamespace.creation;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.ClientId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RetryCacheTest {
    private final TestNamespace namespace = new TestNamespace();

    private static Call call(ClientId client, long number, FileCommand command) {
        return new Call(ALICE, new CallName(client, number), command);
    }

    private Result apply(long number, FileCommand command) {
        return namespace.apply(call(FIRST, number, command)).get(0);
    }

    private static FileCommand mkdirs(String path) {
        return new FileCommand.Mkdirs(path, 0755, true);
    }

    @Test
    void answersARepeatedCallWithoutDoingItAgain() {
        Result first = apply(100, creation("/tmp/f", false));
        assertThat(first).isInstanceOf(Result.Opened.class);
        assertThat(apply(100, creation("/tmp/f", false))).isEqualTo(first);
        assertThat(namespace.state.inodeCount()).isEqualTo(5);
    }

    @Test
    void answersARepetitionWithinTheSameEntry() {
        Call rename = call(FIRST, 101, new FileCommand.Rename("/tmp/a", "/tmp/b", RenameRule.STRICT));
        apply(100, mkdirs("/tmp/a"));
        List<Result> results = namespace.apply(rename, rename);
        assertThat(results).containsExactly(Result.YES, Result.YES);
    }

    @Test
    void keepsRefusalsToo() {
        FileCommand delete = new FileCommand.Delete("/tmp/d", false);
        apply(99, mkdirs("/tmp/d/e"));
        assertRefused(apply(100, delete), ErrorCode.NOT_EMPTY);
        apply(101, new FileCommand.Delete("/tmp/d/e", false));
        assertRefused(apply(100, delete), ErrorCode.NOT_EMPTY);
    }

    @Test
    void triesAgainWhatAnotherSessionHeld() {
        apply(100, creation("/tmp/f", false));
        FileStatus open = namespace.status("/tmp/f");
        Call append = call(SECOND, 5, new FileCommand.Append("/tmp/f", false));
        assertThat(namespace.apply(append).get(0)).isInstanceOf(Result.Held.class);
        apply(101, new FileCommand.Complete(open.file(), open.generation(), 0, true));
        assertThat(namespace.apply(append).get(0)).isInstanceOf(Result.Opened.class);
    }

    @Test
    void doesNotKeepWhatTheCallerIsToTryAgain() {
        assertThat(ResultCodec.isKept(new Result.Refused(ErrorCode.STARTING, "no epoch")))
                .isFalse();
        assertThat(ResultCodec.isKept(new Result.Refused(ErrorCode.NOT_FOUND, "nothing")))
                .isTrue();
    }

    @Test
    void refusesARetryPastTheRetention() {
        apply(100, mkdirs("/tmp/a"));
        namespace.timeMs += 600_000;
        assertThat(apply(100, mkdirs("/tmp/a"))).isEqualTo(Result.YES);
        namespace.timeMs += 1;
        assertRefused(apply(100, mkdirs("/tmp/a")), ErrorCode.CALL_TOO_OLD);
    }

    @Test
    void refusesACallThatBeganBeforeTheRetentionThoughNobodyRemembersIt() {
        long begun = namespace.timeMs << RetryCache.COUNTER_BITS | 7;
        namespace.timeMs += 600_000;
        apply(begun, mkdirs("/tmp/a"));
        namespace.timeMs += 1;
        assertRefused(apply(begun + 1, mkdirs("/tmp/b")), ErrorCode.CALL_TOO_OLD);
        assertThat(namespace.exists("/tmp/a")).isTrue();
        assertThat(namespace.exists("/tmp/b")).isFalse();
        long fresh = namespace.timeMs << RetryCache.COUNTER_BITS | 8;
        assertThat(apply(fresh, mkdirs("/tmp/b"))).isEqualTo(Result.YES);
    }

    @Test
    void refusesACallWhoseSlotANewerOneHasTaken() {
        apply(100, mkdirs("/tmp/a"));
        apply(100 + RetryCache.SLOTS, mkdirs("/tmp/b"));
        assertRefused(apply(100, mkdirs("/tmp/a")), ErrorCode.CALL_TOO_OLD);
        assertThat(apply(101, mkdirs("/tmp/c"))).isEqualTo(Result.YES);
    }

    @Test
    void keepsSessionsApart() {
        Result first = apply(100, creation("/tmp/f", false));
        Call other = call(SECOND, 100, creation("/tmp/g", false));
        assertThat(namespace.apply(other).get(0)).isNotEqualTo(first);
    }

    @Test
    void forgetsSessionsThatWereSilentForADay() {
        apply(100, mkdirs("/tmp/a"));
        namespace.timeMs += RetryCache.SESSION_RETENTION_MS + 60_000;
        namespace.apply(call(SECOND, 1, mkdirs("/tmp/b")));
        assertThat(namespace.store.get(KeySpace.SESSIONS, Keys.ofUuid(FIRST.value())))
                .isNull();
        assertThat(namespace.store.get(KeySpace.CALLS, Keys.ofCallSlot(FIRST, 100)))
                .isNull();
    }

    @Test
    void boundsTheSessionsItRemembers() {
        Transaction transaction = new Transaction(namespace.store, new Counters());
        long sessions = RetryCache.MAX_SESSIONS + 10;
        for (long i = 0; i < sessions; i++) {
            RetryCache.remember(transaction, new CallName(new ClientId(new UUID(1, i)), 1), 5, Result.YES);
        }
        assertThat(transaction.counters().sessionCount).isEqualTo(sessions);
        RetryCache.expire(transaction, 5, 60_005, 600_000);
        assertThat(transaction.counters().sessionCount).isEqualTo(sessions);
        RetryCache.expire(transaction, 5, 660_006, 600_000);
        assertThat(transaction.counters().sessionCount).isEqualTo(RetryCache.MAX_SESSIONS);
    }

    @Test
    void skipsEntriesThatTheStateHas() {
        apply(100, mkdirs("/tmp/a"));
        LoggedEntry last = namespace.log.get(namespace.log.size() - 1);
        assertThat(namespace.state.apply(namespace.state.applied(), last)).isEmpty();
    }
}
