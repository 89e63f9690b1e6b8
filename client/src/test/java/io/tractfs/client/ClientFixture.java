package io.tractfs.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.tractfs.client.read.BufferBudget;
import io.tractfs.client.read.MemberHealth;
import io.tractfs.client.retry.MetadataAddresses;
import io.tractfs.client.table.TableCache;
import io.tractfs.config.Settings;
import io.tractfs.id.BlobId;
import io.tractfs.id.TractId;
import io.tractfs.wire.proto.FileStatusMessage;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.Methods;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/** A client over servers in memory, on time that stands still. Not thread-safe. */
final class ClientFixture {
    final ManualTime time = new ManualTime();
    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    final InMemoryServers servers = new InMemoryServers(time, allocator);
    final BufferBudget budget = new BufferBudget();
    final TableCache table = new TableCache(request -> servers.call(
                    InMemoryServers.METADATA, Methods.GET_TABLE, request, Body.NONE, CallOptions.timeout(1000))
            .thenApply(reply -> {
                reply.close();
                return reply.message();
            }));
    final TractFsClient client;

    ClientFixture(Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(Map.of(
                "fs.tract.packet.size", "1024",
                "fs.tract.read.piece", "1024",
                "fs.tract.read.ahead", "4096",
                "fs.tract.write.buffer", "8192"));
        all.putAll(settings);
        ClientConfig config = ClientConfig.of(new Settings(all));
        ClientParts.Calls calls =
                new ClientParts.Calls(servers, servers, new MetadataAddresses(List.of(InMemoryServers.METADATA)));
        ClientParts.Shared shared = new ClientParts.Shared(table, new MemberHealth(time), budget, allocator);
        client = new ClientParts(calls, shared, time, time, config, new UUID(3, 3)).assemble(() -> {});
    }

    static CreateOptions options(boolean sync) {
        return new CreateOptions(0644, true, true, false, 0, 0, sync);
    }

    static byte[] bytes(long seed, int length) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    void write(String path, byte[] bytes) throws Exception {
        time.passWhile(() -> {
            try (TractOutput output = client.create(path, options(true))) {
                output.write(bytes, 0, bytes.length);
            }
            return true;
        });
    }

    byte[] read(String path, int step) throws Exception {
        return time.passWhile(() -> {
            try (TractInput input = client.open(path)) {
                return readAll(input, step);
            }
        });
    }

    static byte[] readAll(TractInput input, int step) throws Exception {
        ByteBuffer all = ByteBuffer.allocate((int) input.length());
        while (all.position() < all.capacity()) {
            ByteBuffer part = all.duplicate();
            part.limit(Math.min(all.capacity(), all.position() + step));
            int count = input.read(all.position(), part);
            assertThat(count).isPositive();
            all.position(all.position() + count);
        }
        assertThat(input.read(all.capacity(), ByteBuffer.allocate(1))).isEqualTo(-1);
        return all.array();
    }

    TractId tract(String path, int index) throws Exception {
        FileStatusMessage file = servers.metadata.file(path);
        return new TractId(
                new BlobId(file.getSegments(file.getSegmentsCount() - 1).getBlob()), index);
    }

    /** Everything that was taken from the allocator has been given back. */
    void assertNothingLeaks() {
        assertThat(allocator.metric().usedDirectMemory()).as("direct memory").isZero();
        assertThat(allocator.metric().usedHeapMemory()).as("heap memory").isZero();
        assertThat(budget.used()).as("read-ahead").isZero();
    }
}
