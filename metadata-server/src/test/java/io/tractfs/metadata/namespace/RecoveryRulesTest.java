package io.tractfs.metadata.namespace;

import static io.tractfs.metadata.namespace.TestNamespace.ALICE;
import static io.tractfs.metadata.namespace.TestNamespace.BOB;
import static io.tractfs.metadata.namespace.TestNamespace.FIRST;
import static io.tractfs.metadata.namespace.TestNamespace.SECOND;
import static io.tractfs.metadata.namespace.TestNamespace.assertRefused;
import static io.tractfs.metadata.namespace.TestNamespace.opened;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.Generation;
import org.junit.jupiter.api.Test;

class RecoveryRulesTest {
    private final TestNamespace namespace = new TestNamespace();

    private FileStatus recovering(Result result) {
        assertThat(result).isInstanceOf(Result.Recovering.class);
        return ((Result.Recovering) result).status();
    }

    @Test
    void fencesTheWriterThenClosesAtTheLengthFound() {
        FileStatus open = namespace.create(ALICE, "/tmp/f");
        FileStatus fenced = recovering(namespace.run(ALICE, SECOND, new FileCommand.RecoverLease("/tmp/f")));
        assertThat(fenced.generation()).isEqualTo(open.generation().next());
        assertRefused(
                namespace.run(ALICE, new FileCommand.Complete(open.file(), open.generation(), 500, true)),
                ErrorCode.GENERATION_FENCED);
        Result closed = namespace.system(new ClusterCommand.CommitRecovered(open.file(), fenced.generation(), 300));
        assertThat(((Result.Status) closed).status().length()).isEqualTo(300);
        assertThat(namespace.status("/tmp/f").segments().get(0).ended()).isTrue();
        assertThat(namespace.run(ALICE, new FileCommand.RecoverLease("/tmp/f"))).isEqualTo(Result.YES);
        assertThat(namespace.run(TestNamespace.BOB, new FileCommand.RecoverLease("/tmp/f")))
                .isEqualTo(Result.YES);
        assertThat(opened(namespace.run(ALICE, new FileCommand.Append("/tmp/f", false)))
                        .segments())
                .hasSize(2);
    }

    @Test
    void namesTheSameRecoveryToWhoeverAsksAgain() {
        namespace.create(ALICE, "/tmp/f");
        FileStatus first = recovering(namespace.run(ALICE, new FileCommand.RecoverLease("/tmp/f")));
        FileStatus second = recovering(namespace.run(ALICE, new FileCommand.RecoverLease("/tmp/f")));
        assertThat(second.generation()).isEqualTo(first.generation());
        assertThat(namespace.run(ALICE, SECOND, new FileCommand.Append("/tmp/f", false)))
                .isInstanceOf(Result.Held.class);
    }

    @Test
    void takesAFileOnlyFromTheSessionThatStillHoldsIt() {
        FileStatus open = namespace.create(ALICE, "/tmp/f");
        assertThat(namespace.system(new ClusterCommand.BeginRecovery(open.file(), SECOND)))
                .isInstanceOf(Result.Held.class);
        FileStatus fenced = recovering(namespace.system(new ClusterCommand.BeginRecovery(open.file(), FIRST)));
        FileStatus again =
                recovering(namespace.system(new ClusterCommand.BeginRecovery(open.file(), CallName.NO_CLIENT)));
        assertThat(again.generation()).isEqualTo(fenced.generation().next());
        assertRefused(
                namespace.system(new ClusterCommand.CommitRecovered(open.file(), fenced.generation(), 1)),
                ErrorCode.GENERATION_FENCED);
        assertThat(namespace.reader.openFiles()).containsEntry(open.file(), CallName.NO_CLIENT);
    }

    @Test
    void neverCutsBelowTheRecordedLength() {
        FileStatus open = namespace.create(ALICE, "/tmp/f");
        namespace.run(ALICE, new FileCommand.Complete(open.file(), open.generation(), 100, false));
        FileStatus fenced = recovering(namespace.system(new ClusterCommand.BeginRecovery(open.file(), FIRST)));
        assertRefused(
                namespace.system(new ClusterCommand.CommitRecovered(open.file(), fenced.generation(), 99)),
                ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void refusesWhatIsNotOpenOrNotAllowed() {
        FileStatus closed = namespace.file(ALICE, "/tmp/f", 1);
        assertRefused(
                namespace.system(new ClusterCommand.BeginRecovery(closed.file(), FIRST)), ErrorCode.FILE_NOT_OPEN);
        assertRefused(
                namespace.system(new ClusterCommand.CommitRecovered(closed.file(), Generation.ZERO, 1)),
                ErrorCode.FILE_NOT_OPEN);
        namespace.create(ALICE, "/tmp/open");
        assertRefused(namespace.run(BOB, new FileCommand.RecoverLease("/tmp/open")), ErrorCode.PERMISSION_DENIED);
        assertRefused(namespace.run(BOB, new FileCommand.RecoverLease("/tmp/none")), ErrorCode.NOT_FOUND);
    }

    /** B5: the first leader decided 100 and died; the second decides 150. The first one's commit comes late. */
    @Test
    void b5ALateCommitOfAnEarlierRecoveryIsRefused() {
        FileStatus open = namespace.create(ALICE, "/tmp/f");
        FileStatus first = recovering(namespace.system(new ClusterCommand.BeginRecovery(open.file(), FIRST)));
        FileStatus second =
                recovering(namespace.system(new ClusterCommand.BeginRecovery(open.file(), CallName.NO_CLIENT)));
        assertRefused(
                namespace.system(new ClusterCommand.CommitRecovered(open.file(), first.generation(), 100)),
                ErrorCode.GENERATION_FENCED);
        Result closed = namespace.system(new ClusterCommand.CommitRecovered(open.file(), second.generation(), 150));
        assertThat(((Result.Status) closed).status().length()).isEqualTo(150);
        assertRefused(
                namespace.system(new ClusterCommand.CommitRecovered(open.file(), first.generation(), 100)),
                ErrorCode.FILE_NOT_OPEN);
    }

    /** B6: all holders agree on what was recorded, nothing is cut, and still the next writer gets another blob. */
    @Test
    void b6ARecoveryThatCutsNothingEndsTheSegmentToo() {
        FileStatus open = namespace.create(ALICE, "/tmp/f");
        namespace.run(ALICE, new FileCommand.Complete(open.file(), open.generation(), 150, false));
        FileStatus fenced = recovering(namespace.system(new ClusterCommand.BeginRecovery(open.file(), FIRST)));
        namespace.system(new ClusterCommand.CommitRecovered(open.file(), fenced.generation(), 150));
        FileStatus appended = opened(namespace.run(ALICE, SECOND, new FileCommand.Append("/tmp/f", false)));
        assertThat(appended.segments()).hasSize(2);
        assertThat(appended.segments().get(1).blob())
                .isNotEqualTo(appended.segments().get(0).blob());
        assertThat(appended.segments().get(0).length()).isEqualTo(150);
        assertRefused(
                namespace.run(ALICE, new FileCommand.Complete(open.file(), open.generation(), 200, true)),
                ErrorCode.GENERATION_FENCED);
    }
}
