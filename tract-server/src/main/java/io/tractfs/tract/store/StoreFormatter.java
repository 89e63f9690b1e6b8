package io.tractfs.tract.store;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import io.tractfs.id.StoreId;
import io.tractfs.tract.disk.DirectoryDisk;
import io.tractfs.tract.disk.Disk;
import io.tractfs.tract.format.Superblock;
import io.tractfs.tract.format.TractLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/** Makes a directory into an empty store; only ever by explicit command. Stateless. */
public final class StoreFormatter {
    private StoreFormatter() {}

    /**
     * Formats a directory, which is made if it is not there.
     *
     * @return the id of the new store
     * @throws TractException ALREADY_EXISTS if there is a store in it
     */
    public static StoreId format(Path directory, ClusterId cluster) throws IOException {
        Disk disk = new DirectoryDisk(directory);
        disk.createDirectory("");
        refuseFormatted(disk);
        StoreId store = new StoreId(UUID.randomUUID());
        HealingKeyValues.format(directory.resolve(Store.DATABASE), disk, store);
        // The superblocks come last: a directory without them is no store.
        return format(disk, cluster, store);
    }

    /** Whether a directory holds a store. */
    public static boolean isFormatted(Path directory) throws IOException {
        return SuperblockFiles.isPresent(new DirectoryDisk(directory));
    }

    /** Formats a disk. */
    public static StoreId format(Disk disk, ClusterId cluster, StoreId store) throws IOException {
        refuseFormatted(disk);
        disk.createDirectory(TractLayout.TRACTS);
        disk.createDirectory(Trash.DIRECTORY);
        SuperblockFiles.format(disk, Superblock.fresh(cluster, store));
        return store;
    }

    private static void refuseFormatted(Disk disk) throws IOException {
        if (SuperblockFiles.isPresent(disk)) {
            throw new TractException(ErrorCode.ALREADY_EXISTS, disk.name() + " holds a store already");
        }
    }
}
