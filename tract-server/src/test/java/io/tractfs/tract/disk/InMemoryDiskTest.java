package io.tractfs.tract.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InMemoryDiskTest extends DiskContract {
    private final InMemoryDisk disk = new InMemoryDisk(1 << 20);

    @Override
    Disk disk() {
        return disk;
    }

    @Test
    void keepsWhatWasForcedAndSometimesLosesTheRest() throws IOException {
        Set<String> outcomes = new HashSet<>();
        for (int seed = 0; seed < 40; seed++) {
            InMemoryDisk fresh = new InMemoryDisk(1 << 20);
            DiskFile file = fresh.create("d/f");
            file.write(ByteBuffer.wrap(new byte[] {1, 1, 1}), 0);
            file.force();
            fresh.forceDirectory("d");
            file.write(ByteBuffer.wrap(new byte[] {2}), 1000);
            fresh.create("d/g");
            fresh.losePower(new Random(seed * 0x9E3779B97F4A7C15L));
            DiskFile after = fresh.open("d/f").orElseThrow();
            ByteBuffer read = ByteBuffer.allocate(3);
            after.read(read, 0);
            assertThat(read.array()).containsExactly(1, 1, 1);
            outcomes.add(after.size() + " " + fresh.open("d/g").isPresent());
        }
        assertThat(outcomes).hasSize(4);
    }

    @Test
    void keepsOrLosesARenameAsAWhole() throws IOException {
        for (int seed = 0; seed < 40; seed++) {
            InMemoryDisk fresh = new InMemoryDisk(1 << 20);
            fresh.create("a/f").force();
            fresh.forceDirectory("a");
            fresh.rename("a/f", "b/f");
            fresh.losePower(new Random(seed * 0x9E3779B97F4A7C15L));
            assertThat(fresh.files()).hasSize(1);
        }
    }

    @Test
    void failsOnRequestAndFlipsBits() throws IOException {
        DiskFile file = disk.create("f");
        file.write(ByteBuffer.wrap(new byte[] {5}), 0);
        disk.flipBit("f", 0);
        ByteBuffer read = ByteBuffer.allocate(1);
        file.read(read, 0);
        assertThat(read.get(0)).isEqualTo((byte) 4);
        disk.faults((operation, path) -> {
            throw new IOException(operation + " of " + path);
        });
        assertThatThrownBy(() -> file.write(ByteBuffer.allocate(1), 0)).hasMessage("WRITE of f");
        assertThatThrownBy(file::force).hasMessage("FORCE of f");
        assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1), 0)).hasMessage("READ of f");
    }

    @Test
    void isFullAtItsCapacity() throws IOException {
        DiskFile file = new InMemoryDisk(1024).create("f");
        file.write(ByteBuffer.allocate(1024), 0);
        assertThatThrownBy(() -> file.write(ByteBuffer.allocate(1), 1024)).isInstanceOf(DiskFullException.class);
    }
}
