package io.tractfs.metadata.namespace;

import static io.tractfs.metadata.namespace.TestNamespace.ALICE;
import static io.tractfs.metadata.namespace.TestNamespace.BOB;
import static io.tractfs.metadata.namespace.TestNamespace.FIRST;
import static io.tractfs.metadata.namespace.TestNamespace.SECOND;
import static io.tractfs.metadata.namespace.TestNamespace.assertRefused;
import static io.tractfs.metadata.namespace.TestNamespace.opened;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import org.junit.jupiter.api.Test;

class OpenFileRulesTest {
    private final TestNamespace namespace = new TestNamespace();

    private Result append(String path, boolean newSegment) {
        return namespace.run(ALICE, new FileCommand.Append(path, newSegment));
    }

    @Test
    void continuesTheLastSegmentAfterACleanClose() {
        FileStatus file = namespace.file(ALICE, "/tmp/f", 100);
        FileStatus open = opened(append("/tmp/f", false));
        assertThat(open.segments()).containsExactly(file.segments().get(0));
        assertThat(open.generation().value()).isEqualTo(2);
        namespace.close(FIRST, open, 150);
        assertThat(namespace.status("/tmp/f").length()).isEqualTo(150);
    }

    @Test
    void beginsASegmentWhenAskedToOrWhenTheLastHasEnded() {
        namespace.file(ALICE, "/tmp/f", 100);
        FileStatus open = opened(append("/tmp/f", true));
        assertThat(open.segments()).hasSize(2);
        assertThat(open.segments().get(0).ended()).isTrue();
        namespace.run(ALICE, new FileCommand.Abandon(open.file(), open.generation(), false));
        FileStatus again = opened(append("/tmp/f", false));
        assertThat(again.segments()).hasSize(2);
        assertThat(again.segments().get(1).blob())
                .isNotEqualTo(open.segments().get(1).blob());
        assertThat(namespace.state.isAlive(open.segments().get(1).blob())).isFalse();
    }

    @Test
    void beginsASegmentAfterTheReplicationWasChanged() {
        namespace.file(ALICE, "/tmp/f", 100);
        namespace.run(ALICE, new FileCommand.SetReplication("/tmp/f", 2));
        FileStatus open = opened(append("/tmp/f", false));
        assertThat(open.segments()).extracting(Segment::replication).containsExactly(3, 2);
    }

    @Test
    void refusesToAppendToWhatIsNoClosedFileOfTheUser() {
        namespace.file(ALICE, "/tmp/f", 100);
        assertRefused(append("/tmp/none", false), ErrorCode.NOT_FOUND);
        assertRefused(append("/tmp", false), ErrorCode.IS_A_DIRECTORY);
        assertRefused(namespace.run(BOB, new FileCommand.Append("/tmp/f", false)), ErrorCode.PERMISSION_DENIED);
        append("/tmp/f", false);
        Result held = namespace.run(ALICE, SECOND, new FileCommand.Append("/tmp/f", false));
        assertThat(held).isInstanceOf(Result.Held.class);
        assertThat(((Result.Held) held).holder()).isEqualTo(FIRST);
        assertThat(((Result.Held) held).message()).contains("currently owned by " + FIRST);
    }

    @Test
    void endsASegmentAtItsAcknowledgedLength() {
        FileStatus open = namespace.create(ALICE, "/tmp/f");
        FileStatus next =
                opened(namespace.run(ALICE, new FileCommand.AddSegment(open.file(), open.generation(), 4096)));
        assertThat(next.segments()).hasSize(2);
        assertThat(next.segments().get(0)).isEqualTo(open.segments().get(0).endedAt(4096));
        namespace.close(FIRST, next, 10);
        assertThat(namespace.status("/tmp/f").length()).isEqualTo(4106);
    }

    @Test
    void dropsAnEmptySegmentThatEnds() {
        FileStatus open = namespace.create(ALICE, "/tmp/f");
        FileStatus next = opened(namespace.run(ALICE, new FileCommand.AddSegment(open.file(), open.generation(), 0)));
        assertThat(next.segments()).hasSize(1);
        assertThat(namespace.state.isAlive(open.segments().get(0).blob())).isFalse();
    }

    @Test
    void recordsALengthAndNeverTakesItBack() {
        FileStatus open = namespace.create(ALICE, "/tmp/f");
        namespace.run(ALICE, new FileCommand.Complete(open.file(), open.generation(), 70, false));
        assertThat(namespace.status("/tmp/f").length()).isEqualTo(70);
        assertThat(namespace.status("/tmp/f").open()).isTrue();
        assertRefused(
                namespace.run(ALICE, new FileCommand.Complete(open.file(), open.generation(), 69, true)),
                ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void fencesEverybodyButTheHolderOfTheGeneration() {
        FileStatus open = namespace.create(ALICE, "/tmp/f");
        FileCommand older = new FileCommand.Complete(open.file(), Generation.ZERO, 1, true);
        FileCommand right = new FileCommand.Complete(open.file(), open.generation(), 1, true);
        assertRefused(namespace.run(ALICE, older), ErrorCode.GENERATION_FENCED);
        assertRefused(namespace.run(ALICE, SECOND, right), ErrorCode.GENERATION_FENCED);
        assertThat(namespace.run(ALICE, right)).isInstanceOf(Result.Status.class);
        assertRefused(namespace.run(ALICE, right), ErrorCode.FILE_NOT_OPEN);
        assertRefused(
                namespace.run(ALICE, new FileCommand.Complete(new FileId(999), Generation.ZERO, 1, true)),
                ErrorCode.NOT_FOUND);
    }

    @Test
    void abandonsAFileAtItsRecordedLengthOrDeletesIt() {
        FileStatus kept = namespace.create(ALICE, "/tmp/kept");
        namespace.run(ALICE, new FileCommand.Complete(kept.file(), kept.generation(), 7, false));
        assertThat(namespace.run(ALICE, new FileCommand.Abandon(kept.file(), kept.generation(), false)))
                .isEqualTo(Result.DONE);
        assertThat(namespace.status("/tmp/kept").length()).isEqualTo(7);
        assertThat(namespace.status("/tmp/kept").segments().get(0).ended()).isTrue();
        namespace.mkdirs(ALICE, "/tmp/d");
        FileStatus created = namespace.create(ALICE, "/tmp/d/created");
        namespace.run(ALICE, new FileCommand.Abandon(created.file(), created.generation(), true));
        assertThat(namespace.exists("/tmp/d/created")).isFalse();
        assertThat(namespace.status("/tmp/d").childCount()).isZero();
        FileStatus appended = opened(append("/tmp/kept", false));
        namespace.run(ALICE, new FileCommand.Abandon(appended.file(), appended.generation(), true));
        assertThat(namespace.exists("/tmp/kept")).isTrue();
    }

    @Test
    void boundsTheSegmentsOfAFile() {
        FileStatus open = namespace.create(ALICE, "/tmp/f");
        Result result = Result.DONE;
        for (int i = 1; i <= NamespaceLimits.HDFS.segments() / 1000; i++) {
            result = namespace.run(ALICE, new FileCommand.AddSegment(open.file(), open.generation(), 1));
        }
        assertThat(opened(result).segments()).hasSize(1 + NamespaceLimits.HDFS.segments() / 1000);
    }
}
