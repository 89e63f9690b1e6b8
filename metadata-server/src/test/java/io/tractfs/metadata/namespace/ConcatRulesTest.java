package io.tractfs.metadata.namespace;

import static io.tractfs.metadata.namespace.TestNamespace.ALICE;
import static io.tractfs.metadata.namespace.TestNamespace.BOB;
import static io.tractfs.metadata.namespace.TestNamespace.assertRefused;
import static io.tractfs.metadata.namespace.TestNamespace.opened;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.BlobId;
import io.tractfs.metadata.permission.Requester;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConcatRulesTest {
    private final TestNamespace namespace = new TestNamespace();

    @BeforeEach
    void makeDirectory() {
        namespace.mkdirs(ALICE, "/tmp/d");
    }

    private Result concat(Requester requester, String target, String... sources) {
        return namespace.run(requester, new FileCommand.Concat(target, List.of(sources)));
    }

    private BlobId blobOf(String path) {
        return namespace.status(path).segments().get(0).blob();
    }

    @Test
    void movesTheSegmentsInTheOrderOfTheSources() {
        namespace.file(ALICE, "/tmp/d/t", 10);
        namespace.file(ALICE, "/tmp/d/a", 20);
        namespace.file(ALICE, "/tmp/d/b", 30);
        List<BlobId> blobs = List.of(blobOf("/tmp/d/t"), blobOf("/tmp/d/b"), blobOf("/tmp/d/a"));
        long inodes = namespace.state.inodeCount();
        namespace.timeMs += 5000;
        assertThat(concat(ALICE, "/tmp/d/t", "/tmp/d/b", "/tmp/d/a")).isEqualTo(Result.DONE);
        FileStatus target = namespace.status("/tmp/d/t");
        assertThat(target.length()).isEqualTo(60);
        assertThat(target.segments()).extracting(Segment::blob).containsExactlyElementsOf(blobs);
        assertThat(target.segments()).allMatch(Segment::ended);
        assertThat(target.attributes().modificationMs()).isEqualTo(namespace.timeMs);
        assertThat(namespace.status("/tmp/d").attributes().modificationMs()).isEqualTo(namespace.timeMs);
        assertThat(namespace.names("/tmp/d")).containsExactly("t");
        assertThat(namespace.status("/tmp/d").childCount()).isEqualTo(1);
        assertThat(namespace.state.inodeCount()).isEqualTo(inodes - 2);
        assertThat(blobs).allMatch(namespace.state::isAlive);
        assertThat(namespace.state.garbageHead()).isZero();
    }

    @Test
    void beginsASegmentWhenTheResultIsAppendedTo() {
        namespace.file(ALICE, "/tmp/d/t", 10);
        namespace.file(ALICE, "/tmp/d/a", 20);
        concat(ALICE, "/tmp/d/t", "/tmp/d/a");
        FileStatus open = opened(namespace.run(ALICE, new FileCommand.Append("/tmp/d/t", false)));
        assertThat(open.segments()).hasSize(3);
    }

    @Test
    void dropsTheEmptySegmentOfAnEmptyTarget() {
        FileStatus empty = namespace.file(ALICE, "/tmp/d/t", 0);
        namespace.file(ALICE, "/tmp/d/a", 20);
        assertThat(concat(ALICE, "/tmp/d/t", "/tmp/d/a")).isEqualTo(Result.DONE);
        assertThat(namespace.status("/tmp/d/t").segments()).hasSize(1);
        assertThat(namespace.state.isAlive(empty.segments().get(0).blob())).isFalse();
    }

    @Test
    void deletesTheMovedBlobsWithTheTarget() {
        namespace.file(ALICE, "/tmp/d/t", 10);
        namespace.file(ALICE, "/tmp/d/a", 20);
        BlobId moved = blobOf("/tmp/d/a");
        concat(ALICE, "/tmp/d/t", "/tmp/d/a");
        namespace.run(ALICE, new FileCommand.Delete("/tmp/d/t", false));
        assertThat(namespace.state.isAlive(moved)).isFalse();
        assertThat(namespace.state.garbageHead()).isEqualTo(2);
    }

    @Test
    void refusesWhatHdfsRefuses() {
        namespace.file(ALICE, "/tmp/d/t", 10);
        namespace.file(ALICE, "/tmp/d/a", 20);
        namespace.file(ALICE, "/tmp/d/empty", 0);
        namespace.file(ALICE, "/tmp/other", 20);
        namespace.create(ALICE, "/tmp/d/open");
        namespace.run(ALICE, new FileCommand.Create("/tmp/d/big", 0644, false, true, false, 0, 256 << 20, 0, 0));
        assertRefused(concat(ALICE, "/tmp/d/t"), ErrorCode.INVALID_ARGUMENT);
        assertRefused(concat(ALICE, "/tmp/d/none", "/tmp/d/a"), ErrorCode.NOT_FOUND);
        assertRefused(concat(ALICE, "/tmp/d", "/tmp/d/a"), ErrorCode.IS_A_DIRECTORY);
        assertRefused(concat(ALICE, "/tmp/d/open", "/tmp/d/a"), ErrorCode.INVALID_ARGUMENT);
        assertRefused(concat(ALICE, "/tmp/d/t", "/tmp/d/none"), ErrorCode.NOT_FOUND);
        assertRefused(concat(ALICE, "/tmp/d/t", "/tmp/d/t"), ErrorCode.INVALID_ARGUMENT);
        assertRefused(concat(ALICE, "/tmp/d/t", "/tmp/d/a", "/tmp/d/a"), ErrorCode.INVALID_ARGUMENT);
        for (String unsuitable : List.of("/tmp/d/empty", "/tmp/other", "/tmp/d/open", "/tmp/d/big")) {
            assertRefused(concat(ALICE, "/tmp/d/t", "/tmp/d/a", unsuitable), ErrorCode.INVALID_ARGUMENT);
        }
        assertThat(namespace.status("/tmp/d/t").length()).isEqualTo(10);
        assertThat(namespace.exists("/tmp/d/a")).isTrue();
    }

    @Test
    void asksForTheRightToWriteTheTargetReadTheSourcesAndWriteTheDirectory() {
        namespace.file(ALICE, "/tmp/d/t", 10);
        namespace.file(ALICE, "/tmp/d/a", 20);
        assertRefused(concat(BOB, "/tmp/d/t", "/tmp/d/a"), ErrorCode.PERMISSION_DENIED);
        namespace.run(ALICE, new FileCommand.SetPermission("/tmp/d/t", 0666));
        assertRefused(concat(BOB, "/tmp/d/t", "/tmp/d/a"), ErrorCode.PERMISSION_DENIED);
        namespace.run(ALICE, new FileCommand.SetPermission("/tmp/d", 0777));
        namespace.run(ALICE, new FileCommand.SetPermission("/tmp/d/a", 0600));
        assertRefused(concat(BOB, "/tmp/d/t", "/tmp/d/a"), ErrorCode.PERMISSION_DENIED);
        namespace.run(ALICE, new FileCommand.SetPermission("/tmp/d/a", 0604));
        assertThat(concat(BOB, "/tmp/d/t", "/tmp/d/a")).isEqualTo(Result.DONE);
    }
}
