package io.tractfs.metadata.namespace;

import static io.tractfs.metadata.namespace.TestNamespace.ALICE;
import static io.tractfs.metadata.namespace.TestNamespace.FIRST;
import static io.tractfs.metadata.namespace.TestNamespace.assertRefused;
import static io.tractfs.metadata.namespace.TestNamespace.opened;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** P33 in the namespace: what a change of replication is, from the user's word to its end. */
class ReplicationRulesTest {
    private final TestNamespace namespace = new TestNamespace();

    @Test
    void beginsAChangeThatTheStoresHaveToFollow() {
        FileStatus file = namespace.file(ALICE, "/tmp/f", 100);
        set("/tmp/f", 2);
        assertThat(segment("/tmp/f")).isEqualTo(changed(file, 3, new SegmentChange(1, 2, false)));
        assertThat(namespace.reader.replicating(0, 10)).containsExactly(file.file());
        assertThat(namespace.status("/tmp/f").replication()).isEqualTo(2);
    }

    @Test
    void commitsOnceTheStoresHaveFollowedAndEndsOnceTheyHaveTidiedUp() {
        FileStatus file = namespace.file(ALICE, "/tmp/f", 100);
        set("/tmp/f", 2);
        assertThat(advance(file, 1)).isEqualTo(Result.DONE);
        assertThat(segment("/tmp/f")).isEqualTo(changed(file, 2, new SegmentChange(2, 3, true)));
        assertRefused(advance(file, 1), ErrorCode.STALE_ORDER);
        assertThat(advance(file, 2)).isEqualTo(Result.DONE);
        assertThat(segment("/tmp/f")).isEqualTo(changed(file, 2, new SegmentChange(2, 0, false)));
        assertThat(namespace.reader.replicating(0, 10)).isEmpty();
        assertRefused(advance(file, 2), ErrorCode.STALE_ORDER);
    }

    @Test
    void changesNothingAtTheStoresWhereTheClassStaysTheSame() {
        FileStatus file = namespace.file(ALICE, "/tmp/f", 100);
        set("/tmp/f", 5);
        assertThat(segment("/tmp/f").replication()).isEqualTo(5);
        assertThat(segment("/tmp/f").ended()).isFalse();
        namespace.file(ALICE, "/tmp/empty", 0);
        set("/tmp/empty", 1);
        assertThat(segment("/tmp/empty").replication()).isEqualTo(1);
        assertThat(namespace.reader.replicating(0, 10)).isEmpty();
        assertThat(file.replication()).isEqualTo(3);
    }

    @Test
    void goesBackWithoutCommittingWhatWasBegun() {
        FileStatus file = namespace.file(ALICE, "/tmp/f", 100);
        set("/tmp/f", 2);
        set("/tmp/f", 3);
        assertThat(segment("/tmp/f")).isEqualTo(changed(file, 3, new SegmentChange(2, 2, true)));
        assertRefused(advance(file, 1), ErrorCode.STALE_ORDER);
    }

    @Test
    void takesAnotherDirectionWhileAChangeIsUnderWay() {
        FileStatus file = namespace.file(ALICE, "/tmp/f", 100);
        set("/tmp/f", 2);
        set("/tmp/f", 1);
        assertThat(segment("/tmp/f").change()).isEqualTo(new SegmentChange(2, 1, false));
        advance(file, 2);
        assertThat(segment("/tmp/f")).isEqualTo(changed(file, 1, new SegmentChange(3, 3, true)));
        set("/tmp/f", 2);
        assertThat(segment("/tmp/f")).isEqualTo(changed(file, 1, new SegmentChange(4, 2, false)));
    }

    @Test
    void leavesWhatIsBeingWrittenAloneUntilItIsClosed() {
        FileStatus open = namespace.create(ALICE, "/tmp/f");
        set("/tmp/f", 2);
        assertThat(namespace.reader.replicating(0, 10)).isEmpty();
        namespace.close(FIRST, open, 100);
        assertThat(segment("/tmp/f").change()).isEqualTo(new SegmentChange(1, 2, false));
        FileStatus appended = opened(namespace.run(ALICE, new FileCommand.Append("/tmp/f", false)));
        assertThat(appended.segments()).extracting(Segment::replication).containsExactly(3, 2);
        assertThat(advance(open, 1)).isEqualTo(Result.DONE);
        namespace.close(FIRST, appended, 50);
        assertThat(namespace.status("/tmp/f").segments())
                .extracting(Segment::replication)
                .containsExactly(2, 2);
        assertThat(namespace.status("/tmp/f").length()).isEqualTo(150);
    }

    @Test
    void forgetsFilesThatAreGone() {
        FileStatus file = namespace.file(ALICE, "/tmp/f", 100);
        set("/tmp/f", 2);
        namespace.run(ALICE, new FileCommand.Delete("/tmp/f", false));
        assertThat(namespace.reader.replicating(0, 10)).isEmpty();
        assertRefused(advance(file, 1), ErrorCode.NOT_FOUND);
    }

    @Test
    void takesPartsOfOtherFilesOverAtTheirState() {
        FileStatus target = namespace.file(ALICE, "/tmp/t", 100);
        FileStatus source = namespace.file(ALICE, "/tmp/s", 100);
        set("/tmp/s", 1);
        namespace.run(ALICE, new FileCommand.Concat("/tmp/t", List.of("/tmp/s")));
        assertThat(namespace.reader.replicating(0, 10)).containsExactly(target.file());
        Segment moved = namespace.status("/tmp/t").segments().get(1);
        assertThat(moved.change()).isEqualTo(new SegmentChange(2, 1, true));
        assertThat(moved.replication()).isEqualTo(3);
        assertRefused(advance(source, 2), ErrorCode.NOT_FOUND);
        assertThat(namespace.system(new ClusterCommand.AdvanceReplication(target.file(), moved.blob(), 2)))
                .isEqualTo(Result.DONE);
        assertThat(namespace.reader.replicating(0, 10)).isEmpty();
    }

    @Test
    void dropsTheChangeOfAPartThatIsCutOff() {
        FileStatus file = namespace.file(ALICE, "/tmp/f", 100);
        set("/tmp/f", 2);
        namespace.run(ALICE, new FileCommand.Truncate("/tmp/f", 0));
        assertThat(namespace.reader.replicating(0, 10)).isEmpty();
        assertRefused(advance(file, 1), ErrorCode.STALE_ORDER);
    }

    private void set(String path, int replication) {
        assertThat(namespace.run(ALICE, new FileCommand.SetReplication(path, replication)))
                .isEqualTo(Result.YES);
    }

    private Result advance(FileStatus file, int number) {
        return namespace.system(new ClusterCommand.AdvanceReplication(
                file.file(), file.segments().get(0).blob(), number));
    }

    private Segment segment(String path) {
        return namespace.status(path).segments().get(0);
    }

    private static Segment changed(FileStatus file, int replication, SegmentChange change) {
        Segment first = file.segments().get(0);
        return new Segment(first.blob(), first.length(), first.tractSize(), replication, true, change);
    }
}
