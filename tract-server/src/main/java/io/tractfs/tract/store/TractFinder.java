package io.tractfs.tract.store;

import io.tractfs.id.TractId;
import io.tractfs.table.RowHash;
import io.tractfs.tract.disk.Disk;
import io.tractfs.tract.format.TractLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Finds tracts by the names of their files, and makes and forces the directories they are in. Thread-safe. */
final class TractFinder {
    private final Disk disk;
    private final BitSet made = new BitSet(TractLayout.BUCKETS);
    private final BitSet forced = new BitSet(TractLayout.BUCKETS);

    TractFinder(Disk disk) {
        this.disk = disk;
    }

    /** The tracts of a row in order; their directories are found by its lower bits. */
    List<TractId> ofRow(int row, int rows) throws IOException {
        List<TractId> tracts = new ArrayList<>();
        int step = Math.min(rows, TractLayout.BUCKETS);
        for (int bucket = row & (step - 1); bucket < TractLayout.BUCKETS; bucket += step) {
            for (TractId tract : ofBucket(bucket)) {
                if (RowHash.rowOf(tract, rows) == row) {
                    tracts.add(tract);
                }
            }
        }
        Collections.sort(tracts);
        return tracts;
    }

    /** Whether a tract has a file. */
    boolean hasFile(TractId tract) throws IOException {
        return disk.exists(TractLayout.file(tract));
    }

    /** The tracts in one directory, in no order. */
    List<TractId> ofBucket(int bucket) throws IOException {
        List<TractId> tracts = new ArrayList<>();
        for (String name : disk.list(TractLayout.directory(bucket))) {
            parse(name).filter(tract -> TractLayout.bucket(tract) == bucket).ifPresent(tracts::add);
        }
        return tracts;
    }

    /** Where the file of a tract is on this machine, if it is one of the machine's. */
    Optional<Path> place(TractId tract) {
        return disk.place(TractLayout.file(tract));
    }

    /** Files in one directory that are not tracts of it, in order, as paths below the root. */
    List<String> strays(int bucket) throws IOException {
        List<String> strays = new ArrayList<>();
        for (String name : disk.list(TractLayout.directory(bucket))) {
            if (parse(name)
                    .filter(tract -> TractLayout.bucket(tract) == bucket
                            && tract.toString().equals(name))
                    .isEmpty()) {
                strays.add(TractLayout.directory(bucket) + "/" + name);
            }
        }
        Collections.sort(strays);
        return strays;
    }

    /** Makes the directory of a tract if this process has not seen it yet. */
    void makeDirectory(TractId tract) throws IOException {
        int bucket = TractLayout.bucket(tract);
        synchronized (made) {
            if (made.get(bucket)) {
                return;
            }
        }
        disk.createDirectory(TractLayout.directory(bucket));
        synchronized (made) {
            made.set(bucket);
        }
    }

    /** Puts the name of a tract's file on disk, and that of its directory once per process. */
    void forceDirectory(TractId tract) throws IOException {
        int bucket = TractLayout.bucket(tract);
        disk.forceDirectory(TractLayout.directory(bucket));
        synchronized (forced) {
            if (forced.get(bucket)) {
                return;
            }
        }
        disk.forceDirectory(TractLayout.TRACTS);
        synchronized (forced) {
            forced.set(bucket);
        }
    }

    private static Optional<TractId> parse(String name) {
        try {
            return Optional.of(TractId.parse(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
