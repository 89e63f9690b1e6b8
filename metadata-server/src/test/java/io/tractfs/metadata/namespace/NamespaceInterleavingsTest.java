package io.tractfs.metadata.namespace;

import static io.tractfs.metadata.namespace.TestNamespace.ALICE;
import static io.tractfs.metadata.namespace.TestNamespace.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reads of names with changes in between; docs/testing.md lists where the other interleavings are. */
class NamespaceInterleavingsTest {
    private final TestNamespace namespace = new TestNamespace();

    /** A snapshot before whose n-th read something happens to the names. Not thread-safe. */
    private static final class DisturbedSnapshot implements KeyValueSnapshot {
        private final KeyValueSnapshot snapshot;
        private final int disturbed;
        private final Runnable disturbance;
        private int reads;

        DisturbedSnapshot(KeyValueSnapshot snapshot, int disturbed, Runnable disturbance) {
            this.snapshot = snapshot;
            this.disturbed = disturbed;
            this.disturbance = disturbance;
        }

        private void count() {
            if (++reads == disturbed) {
                disturbance.run();
            }
        }

        @Override
        public byte @Nullable [] get(KeySpace space, byte[] key) {
            count();
            return snapshot.get(space, key);
        }

        @Override
        public void scan(KeySpace space, byte[] prefix, byte[] from, Visitor visitor) {
            count();
            snapshot.scan(space, prefix, from, visitor);
        }

        @Override
        public void close() {
            snapshot.close();
        }
    }

    /** A path that never was is not found, wherever in the walk the directory above it gets another name. */
    @Test
    void d4AWalkMeetsOneInstantOnly() {
        for (int read = 1; read <= 12; read++) {
            String directory = "/tmp/p" + read;
            String renamed = "/tmp/old" + read;
            namespace.mkdirs(ALICE, directory);
            int disturbed = read;
            NamespaceReader reader = new NamespaceReader(
                    namespace.store,
                    () -> new DisturbedSnapshot(namespace.store.snapshot(), disturbed, () -> {
                        namespace.run(ALICE, new FileCommand.Rename(directory, renamed, RenameRule.LEGACY));
                        namespace.mkdirs(ALICE, renamed + "/q");
                        namespace.file(ALICE, renamed + "/q/f", 1);
                    }));
            assertThatThrownBy(() -> reader.status(ROOT, directory + "/q/f"))
                    .as("changed before read " + read)
                    .isInstanceOfSatisfying(
                            TractException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.NOT_FOUND));
        }
        assertThat(namespace.exists("/tmp/old1/q/f")).isTrue();
    }
}
