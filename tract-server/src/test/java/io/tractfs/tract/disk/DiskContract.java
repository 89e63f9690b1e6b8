package io.tractfs.tract.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.tract.disk.Disk.DiskLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

/** What every disk promises while its machine runs. */
abstract class DiskContract {
    abstract Disk disk();

    @Test
    void readsWhatWasWrittenAndStopsAtTheEnd() throws IOException {
        disk().createDirectory("a/b");
        try (DiskFile file = disk().create("a/b/f")) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 600);
            file.force();
            ByteBuffer read = ByteBuffer.allocate(10);
            assertThat(file.read(read, 599)).isEqualTo(4);
            assertThat(read.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {0, 1, 2, 3}));
            assertThat(file.read(ByteBuffer.allocate(1), 603)).isZero();
            assertThat(file.size()).isEqualTo(603);
            assertThat(file.channel().read(ByteBuffer.allocate(2), 601)).isEqualTo(2);
        }
        disk().forceDirectory("a/b");
        assertThat(disk().list("a/b")).containsExactly("f");
        assertThat(disk().list("nowhere")).isEmpty();
    }

    @Test
    void opensOnlyWhatIsThere() throws IOException {
        assertThat(disk().open("f")).isEmpty();
        disk().create("f").close();
        disk().create("f").close();
        assertThat(disk().open("f")).isPresent();
    }

    @Test
    void goesOnReadingAFileThatWasMovedOrDeleted() throws IOException {
        try (DiskFile file = disk().create("f")) {
            file.write(ByteBuffer.wrap(new byte[] {9}), 0);
            disk().rename("f", "g");
            assertThat(disk().open("f")).isEmpty();
            disk().delete("g");
            disk().delete("g");
            assertThat(disk().open("g")).isEmpty();
            assertThat(file.read(ByteBuffer.allocate(1), 0)).isEqualTo(1);
        }
        assertThatThrownBy(() -> disk().rename("f", "g")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void lockExcludesOthersUntilItIsGivenBack() throws IOException {
        DiskLock lock = disk().lock("lock");
        assertThatThrownBy(() -> disk().lock("lock")).isInstanceOf(IOException.class);
        lock.close();
        disk().lock("lock").close();
    }

    @Test
    void saysHowMuchSpaceThereIs() throws IOException {
        assertThat(disk().space().total())
                .isGreaterThanOrEqualTo(disk().space().usable())
                .isPositive();
    }
}
