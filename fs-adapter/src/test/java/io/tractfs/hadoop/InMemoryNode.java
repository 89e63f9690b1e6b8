package io.tractfs.hadoop;

import io.tractfs.client.FileInfo;
import io.tractfs.client.Segment;
import io.tractfs.id.BlobId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A file or directory of {@link InMemoryTractFsClient}. Confined to its client's lock. */
final class InMemoryNode {
    final long id;
    final boolean directory;
    final NavigableMap<String, InMemoryNode> children =
            new TreeMap<>((a, b) -> Arrays.compareUnsigned(bytes(a), bytes(b)));
    int permission;
    String owner;
    String group = "supergroup";
    long modificationMs;
    long accessMs;
    int replication;
    long blockSize;
    byte[] content = {};
    int written;
    int visible;
    boolean open;
    long generation = 1;

    InMemoryNode(long id, boolean directory, int permission, String owner, long now) {
        this.id = id;
        this.directory = directory;
        this.permission = permission;
        this.owner = owner;
        this.modificationMs = now;
        this.accessMs = now;
    }

    void append(byte[] more, int offset, int length) {
        if (written + length > content.length) {
            content = Arrays.copyOf(content, Math.max(written + length, content.length * 2));
        }
        System.arraycopy(more, offset, content, written, length);
        written += length;
    }

    FileInfo info(String name) {
        List<Segment> segments =
                directory ? List.of() : List.of(new Segment(new BlobId(id), visible, 8 << 20, replication, false));
        return new FileInfo(
                id,
                name,
                directory,
                visible,
                permission,
                owner,
                group,
                modificationMs,
                accessMs,
                replication,
                blockSize,
                children.size(),
                open,
                segments,
                generation);
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
