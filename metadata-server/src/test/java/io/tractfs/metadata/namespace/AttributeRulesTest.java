package io.tractfs.metadata.namespace;

import static io.tractfs.metadata.namespace.TestNamespace.ALICE;
import static io.tractfs.metadata.namespace.TestNamespace.BOB;
import static io.tractfs.metadata.namespace.TestNamespace.ROOT;
import static io.tractfs.metadata.namespace.TestNamespace.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AttributeRulesTest {
    private final TestNamespace namespace = new TestNamespace();

    @BeforeEach
    void makeFile() {
        namespace.file(ALICE, "/tmp/f", 5);
        namespace.timeMs += 1000;
    }

    @Test
    void letsTheOwnerSetPermissionWithoutTouchingTimes() {
        assertThat(namespace.run(ALICE, new FileCommand.SetPermission("/tmp/f", 0170640)))
                .isEqualTo(Result.DONE);
        assertThat(namespace.status("/tmp/f").attributes().permission()).isEqualTo(0640);
        assertThat(namespace.status("/tmp/f").attributes().modificationMs()).isEqualTo(1_000_000);
        assertRefused(namespace.run(BOB, new FileCommand.SetPermission("/tmp/f", 0777)), ErrorCode.PERMISSION_DENIED);
        assertRefused(namespace.run(BOB, new FileCommand.SetPermission("/tmp/x", 0777)), ErrorCode.NOT_FOUND);
    }

    @Test
    void letsTheOwnerGiveAFileToOwnGroupsAndASuperuserToAnybody() {
        assertThat(namespace.run(ALICE, new FileCommand.SetOwner("/tmp/f", "", "staff")))
                .isEqualTo(Result.DONE);
        assertRefused(namespace.run(ALICE, new FileCommand.SetOwner("/tmp/f", "bob", "")), ErrorCode.PERMISSION_DENIED);
        assertRefused(
                namespace.run(ALICE, new FileCommand.SetOwner("/tmp/f", "", "wheel")), ErrorCode.PERMISSION_DENIED);
        assertRefused(namespace.run(BOB, new FileCommand.SetOwner("/tmp/f", "", "users")), ErrorCode.PERMISSION_DENIED);
        namespace.run(ROOT, new FileCommand.SetOwner("/tmp/f", "bob", "wheel"));
        assertThat(namespace.status("/tmp/f").attributes().owner()).isEqualTo("bob");
        assertThat(namespace.status("/tmp/f").attributes().group()).isEqualTo("wheel");
    }

    @Test
    void setsTheTimesThatAreNamed() {
        namespace.run(ALICE, new FileCommand.SetTimes("/tmp/f", 17, -1));
        namespace.run(ALICE, new FileCommand.SetTimes("/tmp/f", -1, 18));
        assertThat(namespace.status("/tmp/f").attributes().modificationMs()).isEqualTo(17);
        assertThat(namespace.status("/tmp/f").attributes().accessMs()).isEqualTo(18);
        assertRefused(namespace.run(BOB, new FileCommand.SetTimes("/tmp/f", 1, 1)), ErrorCode.PERMISSION_DENIED);
        assertRefused(namespace.run(BOB, new FileCommand.SetTimes("/tmp/x", 1, 1)), ErrorCode.NOT_FOUND);
    }

    @Test
    void setsTheReplicationOfFilesOnly() {
        assertThat(namespace.run(ALICE, new FileCommand.SetReplication("/tmp/f", 10)))
                .isEqualTo(Result.YES);
        assertThat(namespace.status("/tmp/f").replication()).isEqualTo(10);
        assertThat(namespace.run(ALICE, new FileCommand.SetReplication("/tmp", 2)))
                .isEqualTo(Result.NO);
        assertThat(namespace.run(ALICE, new FileCommand.SetReplication("/tmp/x", 2)))
                .isEqualTo(Result.NO);
        assertRefused(namespace.run(ALICE, new FileCommand.SetReplication("/tmp/f", 0)), ErrorCode.INVALID_ARGUMENT);
        assertRefused(namespace.run(BOB, new FileCommand.SetReplication("/tmp/f", 2)), ErrorCode.PERMISSION_DENIED);
    }

    @Test
    void setsAccessTimesThatAreOlderThanThePrecision() {
        FileStatus file = namespace.file(ALICE, "/tmp/read", 1);
        FileStatus gone = namespace.file(ALICE, "/tmp/gone", 1);
        namespace.run(ALICE, new FileCommand.Delete("/tmp/gone", false));
        long made = file.attributes().accessMs();
        touch(
                1000,
                new ClusterCommand.Touch(file.file(), made + 1000),
                new ClusterCommand.Touch(gone.file(), made + 5000));
        assertThat(namespace.status("/tmp/read").attributes().accessMs()).isEqualTo(made);
        touch(1000, new ClusterCommand.Touch(file.file(), made + 1001));
        assertThat(namespace.status("/tmp/read").attributes().accessMs()).isEqualTo(made + 1001);
        assertThat(namespace.status("/tmp/read").attributes().modificationMs())
                .isEqualTo(file.attributes().modificationMs());
        assertThat(namespace.exists("/tmp/gone")).isFalse();
    }

    private void touch(long precisionMs, ClusterCommand.Touch... files) {
        assertThat(namespace.system(new ClusterCommand.TouchFiles(List.of(files), precisionMs)))
                .isEqualTo(Result.DONE);
    }
}
