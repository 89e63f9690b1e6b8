package io.tractfs.cli.fsck;

import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import java.util.Collection;

/** Takes what a check finds, as it finds it. Confined to the command's thread. */
interface FsckReport {
    /** The check begins. */
    void begin(FsckOptions options);

    /** Something is wrong with a file. */
    void file(FileFindings findings, ClusterTable table);

    /** Copies of a tract were wrong as the verdict says, and their stores have mended them since by themselves. */
    void healed(Verdict verdict, ClusterTable table);

    /** A file is being written. */
    void openFile(CheckedFile file);

    /**
     * Tracts on a store that no file has.
     *
     * @param removed whether they were removed
     */
    void orphans(StoreId store, String name, Collection<TractId> tracts, boolean removed);

    /**
     * Tracts on a store that are behind the ends of files: those were truncated, or their writers died. They hold space,
     * and nobody's bytes are at risk.
     *
     * @param removed whether their space was freed
     */
    void behindEnds(StoreId store, String name, Collection<TractId> tracts, boolean removed);

    /**
     * Files among a store's tracts that are none.
     *
     * @param paths below the store's directory
     * @param removed whether they were removed
     */
    void strays(StoreId store, String name, Collection<String> paths, boolean removed);

    /** How far it is; may be shown or not. */
    void progress(String text);

    /** The check is over. */
    void end(Summary summary, ClusterTable table);
}
