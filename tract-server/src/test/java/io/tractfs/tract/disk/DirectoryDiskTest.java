package io.tractfs.tract.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryDiskTest extends DiskContract {
    @TempDir
    private Path directory;

    @Override
    Disk disk() {
        return new DirectoryDisk(directory);
    }

    @Test
    void makesDirectoriesForTheirOwnerOnly() throws IOException {
        disk().createDirectory("a/b");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("a/b"))))
                .isEqualTo("rwx------");
    }
}
