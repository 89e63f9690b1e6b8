package io.tractfs.metadata.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.id.BlobId;
import io.tractfs.id.ClientId;
import io.tractfs.id.Epoch;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.id.Incarnation;
import io.tractfs.id.Lineage;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.permission.Attributes;
import io.tractfs.metadata.permission.Requester;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LogCodecTest {
    private static final ClientId CLIENT = new ClientId(new UUID(1, 2));
    private static final FileId FILE = new FileId(77);
    private static final Generation GENERATION = new Generation(3);

    private static final List<Command> COMMANDS = List.of(
            new FileCommand.Create("/a", 0644, true, false, true, 2, 3, 1 << 20, 5),
            new FileCommand.Append("/a", true),
            new FileCommand.AddSegment(FILE, GENERATION, 9),
            new FileCommand.Complete(FILE, GENERATION, 9, true),
            new FileCommand.Abandon(FILE, GENERATION, true),
            new FileCommand.Rename("/a", "/b", RenameRule.OVERWRITE),
            new FileCommand.Rename("/a", "/b", RenameRule.LEGACY),
            new FileCommand.Rename("/a", "/b", RenameRule.STRICT),
            new FileCommand.Delete("/a", true),
            new FileCommand.Mkdirs("/ä", 0700, true),
            new FileCommand.SetPermission("/a", 01777),
            new FileCommand.SetOwner("/a", "u", "g"),
            new FileCommand.SetTimes("/a", -1, 5),
            new FileCommand.SetReplication("/a", 4),
            new FileCommand.Truncate("/a", 4),
            new FileCommand.Concat("/a", List.of("/b", "/c")),
            new FileCommand.RecoverLease("/a"),
            new ClusterCommand.Format(TestNamespace.LAYOUT, "root"),
            new ClusterCommand.TakeEpoch(new Lineage(new UUID(4, 5))),
            new ClusterCommand.RegisterStore(new StoreId(new UUID(6, 7)), new Incarnation(8), "tract-1", 9),
            new ClusterCommand.RemoveStore(new StoreId(new UUID(6, 7))),
            new ClusterCommand.CommitFloors(
                    new Epoch(2),
                    new Lineage(new UUID(4, 5)),
                    List.of(
                            new ClusterCommand.RowFloor(0, new RowVersion(-1)),
                            new ClusterCommand.RowFloor(9, new RowVersion(10)))),
            new ClusterCommand.TrimGarbage(12),
            new ClusterCommand.BeginRecovery(FILE, CLIENT),
            new ClusterCommand.BeginRecovery(FILE, CallName.NO_CLIENT),
            new ClusterCommand.CommitRecovered(FILE, GENERATION, 13),
            new ClusterCommand.TouchFiles(List.of(new ClusterCommand.Touch(FILE, 5)), 6),
            new ClusterCommand.MarkStore(new StoreId(new UUID(1, 17)), ClusterCommand.StoreMark.DRAIN),
            new ClusterCommand.Restore(
                    new Lineage(new UUID(4, 4)),
                    List.of(new ClusterCommand.SeenEpoch(new Epoch(7), new Lineage(new UUID(5, 5)))),
                    123,
                    45,
                    List.of(new StoreId(new UUID(1, 18)))),
            new ClusterCommand.EndRestore(new ClusterCommand.CommitFloors(
                    new Epoch(3),
                    new Lineage(new UUID(9, 9)),
                    List.of(new ClusterCommand.RowFloor(4, new RowVersion(77))))),
            new ClusterCommand.AllowDeletes(),
            new ClusterCommand.AdvanceReplication(FILE, new BlobId(-15), 16),
            new ClusterCommand.SweepDetached(14));

    private static byte[] encode(Call... calls) {
        return encode(NamespaceLimits.HDFS, calls);
    }

    private static byte[] encode(NamespaceLimits limits, Call... calls) {
        return LogCodec.encodeEntry(
                1_700_000_000_000L,
                600_000,
                limits,
                List.of(calls).stream().map(LogCodec::encode).toList());
    }

    @Test
    void readsEveryCommandItWrites() {
        for (Command command : COMMANDS) {
            Call call = new Call(new Requester("u", Set.of("b", "a"), false), new CallName(CLIENT, 8), command);
            NamespaceLimits limits = new NamespaceLimits(1, 2, 3, 0, 5);
            LoggedEntry entry = LogCodec.decode(ByteBuffer.wrap(encode(limits, call, call)));
            assertThat(entry).isEqualTo(new LoggedEntry(1_700_000_000_000L, 600_000, limits, List.of(call, call)));
        }
    }

    @Test
    void writesTheBytesOfFormatVersionOne() {
        Call call = new Call(
                new Requester("u", Set.of("b", "a"), true),
                new CallName(CLIENT, 8),
                new FileCommand.Delete("/a", true));
        assertThat(HexFormat.of().formatHex(encode(call)))
                .isEqualTo("08011080d095ffbc3118c0cf24222a0a0b0a01751201611201621801"
                        + "1210000000000000000100000000000000021808b201060a022f611001");
    }

    @Test
    void refusesAnEntryOfAnotherVersionOrOfNoKindItKnows() {
        assertThatThrownBy(() -> LogCodec.decode(ByteBuffer.wrap(new byte[] {8, 2})))
                .isInstanceOf(StoredFormatException.class)
                .hasMessageContaining("format version 2");
        assertThatThrownBy(() -> LogCodec.decode(ByteBuffer.wrap(new byte[] {8, 1, 0x22, 0})))
                .isInstanceOf(StoredFormatException.class)
                .hasMessageContaining("unknown kind");
        assertThatThrownBy(() -> LogCodec.decode(ByteBuffer.wrap(new byte[] {8})))
                .isInstanceOf(StoredFormatException.class);
    }

    @Test
    void readsEveryInodeItWrites() {
        Attributes attributes = new Attributes(0644, "u", "g", 1, 2);
        Segment segment = new Segment(new BlobId(-5), 6, 1 << 20, 3, true, new SegmentChange(7, 2, true));
        for (Writer writer :
                List.of(Writer.NOBODY, Writer.RECOVERY, Writer.of(CLIENT, true), Writer.of(CLIENT, false))) {
            Inode file =
                    new Inode.FileNode(FILE, attributes, 3, 1 << 20, 4, GENERATION, List.of(segment, segment), writer);
            assertThat(InodeCodec.decode(InodeCodec.encode(file))).isEqualTo(file);
        }
        Inode directory = new Inode.Directory(FILE, attributes, 9);
        assertThat(InodeCodec.decode(InodeCodec.encode(directory))).isEqualTo(directory);
    }

    @Test
    void readsTheCountersItWrites() {
        Counters counters = new Counters();
        counters.applied = new LogPosition(3, 4);
        counters.timeMs = 5;
        counters.epoch = new Epoch(6);
        counters.lineage = new Lineage(new UUID(7, 8));
        counters.garbageHead = 9;
        assertThat(CountersCodec.decode(CountersCodec.encode(counters)))
                .usingRecursiveComparison()
                .isEqualTo(counters);
    }
}
