package io.tractfs.client.read;

import io.tractfs.client.BlockHosts;
import io.tractfs.client.FileInfo;
import io.tractfs.client.Segment;
import io.tractfs.client.table.TableCache;
import io.tractfs.error.TractException;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.TableImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Where the logical blocks of a file are. A block is many tracts on many stores; what is named are the few that hold its
 * first tract, so that schedulers get as many hosts per block as they are used to. Pure but for the table.
 */
public final class BlockLocator {
    private static final int ANY_PIECE = 1 << 30;
    /** Locations of one answer, so that a file of tiny blocks does not fill the memory of whoever asks where it is. */
    static final int MOST_LOCATIONS = 1 << 16;

    /** Nobody who only asks where files are learns from a store that members have changed. */
    private static final long MOST_AGE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TableCache table;
    private final MemberChoice choice;

    /** Locations by a table. */
    public BlockLocator(TableCache table) {
        this.table = table;
        this.choice = new MemberChoice(host -> false, store -> false, 0);
    }

    /**
     * The blocks that a range touches, clipped to the file. If they are more than {@value #MOST_LOCATIONS}, so many
     * neighbours are one location that they are not.
     */
    public List<BlockHosts> locations(FileInfo file, long offset, long length) throws TractException {
        FileLayout layout = new FileLayout(file.segments());
        long fileLength = Math.max(
                file.length(),
                file.segments().stream().mapToLong(Segment::length).sum());
        long end = Math.min(fileLength, offset > Long.MAX_VALUE - length ? Long.MAX_VALUE : offset + length);
        List<BlockHosts> blocks = new ArrayList<>();
        if (file.directory() || offset >= end) {
            return blocks;
        }
        long blockSize = locationSize(Math.max(1, file.blockSize()), end - offset);
        TableImage image = table.awaitRecent(MOST_AGE_NANOS);
        for (long start = offset / blockSize * blockSize; start < end; start += blockSize) {
            blocks.add(block(image, layout, start, Math.min(blockSize, fileLength - start)));
        }
        return blocks;
    }

    /** The least multiple of a block's size of which few enough cover a range, wherever it begins. */
    private static long locationSize(long blockSize, long length) {
        // The range may begin and end in the middle of one.
        long most = MOST_LOCATIONS - 2;
        return blockSize * Math.max(1, (length / blockSize + most - 1) / most);
    }

    /** Whoever has not got it yet is no place of it, unless nobody has. */
    private static List<MemberChoice.Candidate> holders(List<MemberChoice.Candidate> all) {
        List<MemberChoice.Candidate> holders =
                all.stream().filter(MemberChoice.Candidate::holder).toList();
        return holders.isEmpty() ? all : holders;
    }

    private BlockHosts block(TableImage image, FileLayout layout, long start, long length) {
        Map<String, StoreInfo> byName = new LinkedHashMap<>();
        if (start < layout.length()) {
            TractRange first = layout.rangeAt(start, 1, ANY_PIECE);
            for (MemberChoice.Candidate candidate :
                    holders(choice.order(image, first.tract(), layout.copiesAt(start)))) {
                StoreInfo store = candidate.store();
                byName.putIfAbsent(store.host() + ":" + store.port(), store);
            }
        }
        List<String> hosts = byName.values().stream().map(StoreInfo::host).toList();
        List<String> paths = byName.entrySet().stream()
                .map(entry -> entry.getValue().domain() + "/" + entry.getKey())
                .toList();
        return new BlockHosts(start, length, hosts, List.copyOf(byName.keySet()), paths);
    }
}
