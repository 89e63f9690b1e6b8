package io.tractfs.tract.store;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import io.tractfs.id.Incarnation;
import io.tractfs.id.StoreId;
import io.tractfs.table.StoreRef;
import io.tractfs.time.Clock;
import io.tractfs.tract.disk.DirectoryDisk;
import io.tractfs.tract.disk.Disk;
import io.tractfs.tract.disk.Disk.DiskLock;
import io.tractfs.tract.format.Superblock;
import io.tractfs.tract.store.StorageParts.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One store, open: lock, superblock, ledger, tracts. Opening raises the incarnation durably (P6), finds out whether the
 * machine lost power since the store was used (P7), and scans nothing (I12). Thread-safe.
 */
public final class Store implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final String LOCK = "lock";

    /** Directory of the key-value log. */
    static final String DATABASE = "meta";

    private final Disk disk;
    private final DiskLock lock;
    private final SuperblockFiles superblock;
    private final KeyValues values;
    private final StoreHealth health;
    private final DiskTractStorage storage;
    private final RowLedger ledger;
    private final RowCount rows;
    private final StartKind start;
    private final Machine machine;
    private final Incarnation incarnation;
    private final Incarnation uncleanThrough;

    /** What was found at the start. */
    private enum StartKind {
        /** Closed cleanly. */
        CLEAN,
        /** Killed, on a machine that has been up since: nothing is lost. */
        KILLED,
        /** The machine was started anew since, without a clean mark: what was not synced may be lost. */
        UNCLEAN
    }

    private Store(Disk disk, DiskLock lock, SuperblockFiles superblock, KeyValues values, Opened opened) {
        this.disk = disk;
        this.lock = lock;
        this.superblock = superblock;
        this.values = values;
        this.start = opened.start();
        this.machine = opened.machine();
        this.incarnation = superblock.current().incarnation();
        this.uncleanThrough = superblock.current().uncleanThrough();
        this.health = opened.health();
        this.storage = opened.storage();
        this.ledger = opened.ledger();
        this.rows = opened.rows();
    }

    private record Opened(
            StartKind start,
            Machine machine,
            StoreHealth health,
            RowCount rows,
            DiskTractStorage storage,
            RowLedger ledger) {}

    /** Opens the store in a directory, whatever cluster it belongs to; otherwise as below. */
    public static Store open(Path directory, StoreConfig config) throws IOException {
        ClusterId cluster =
                SuperblockFiles.open(new DirectoryDisk(directory)).current().cluster();
        return open(directory, cluster, config);
    }

    /**
     * Opens the store in a directory.
     *
     * @param cluster whose store it has to be
     * @throws TractException "not mounted?" if there is no superblock, WRONG_CLUSTER, UNSUPPORTED if a newer program wrote
     *     it; an IOException if another process has it open
     */
    public static Store open(Path directory, ClusterId cluster, StoreConfig config) throws IOException {
        Disk disk = new DirectoryDisk(directory);
        StoreId id = SuperblockFiles.open(disk).current().store();
        DiskLock lock = disk.lock(LOCK);
        KeyValues values = null;
        boolean opened = false;
        try {
            values = HealingKeyValues.open(directory.resolve(DATABASE), disk, id);
            Store store = open(disk, lock, values, cluster, config, Machine.current(directory, id));
            opened = true;
            return store;
        } catch (TractException e) {
            throw e;
        } catch (IOException e) {
            throw unusable(disk, id, e);
        } finally {
            if (!opened) {
                if (values != null) {
                    values.close();
                }
                lock.close();
            }
        }
    }

    private static TractException unusable(Disk disk, StoreId store, IOException cause) {
        return new TractException(
                ErrorCode.DAMAGED,
                "store " + store + " in " + disk.name() + " cannot be opened: " + cause.getMessage()
                        + "; its rows are recovered from other stores, then move the directory away and format it anew",
                cause);
    }

    /** Opens the store on a disk; the caller gives both up if that fails. */
    public static Store open(Disk disk, KeyValues values, ClusterId cluster, StoreConfig config, Machine machine)
            throws IOException {
        DiskLock lock = disk.lock(LOCK);
        boolean opened = false;
        try {
            Store store = open(disk, lock, values, cluster, config, machine);
            opened = true;
            return store;
        } finally {
            if (!opened) {
                lock.close();
            }
        }
    }

    private static Store open(
            Disk disk, DiskLock lock, KeyValues values, ClusterId cluster, StoreConfig config, Machine machine)
            throws IOException {
        SuperblockFiles superblock = SuperblockFiles.open(disk);
        Superblock found = superblock.current();
        if (!found.cluster().equals(cluster)) {
            throw new TractException(
                    ErrorCode.WRONG_CLUSTER,
                    disk.name() + " belongs to cluster " + found.cluster() + ", not " + cluster);
        }
        StartKind start = kind(found, machine.boot());
        int era = start == StartKind.UNCLEAN ? found.era() + 1 : found.era();
        long sequence = found.writeSequenceLease();
        boolean lostPower = start == StartKind.UNCLEAN;
        Incarnation incarnation = found.incarnation().following(machine.clock().wallMs());
        superblock.update(
                block -> block.started(incarnation, machine.boot(), lostPower, era, sequence + WriteSequence.LEASE));
        WriteSequence writes = new WriteSequence(
                sequence,
                sequence + WriteSequence.LEASE,
                end -> superblock.update(block -> block.withWriteSequenceLease(end)));
        StoreHealth health = new StoreHealth(disk.name());
        RowCount rows = new RowCount(found.rows());
        StorageParts parts =
                StorageParts.open(disk, values, health, config, rows, new Started(era, writes, machine.clock()));
        LOG.info(
                "store={} directory={} incarnation={} start={} state=open",
                found.store(),
                disk.name(),
                superblock.current().incarnation(),
                start);
        machine.renewWitness();
        Opened opened = new Opened(
                start, machine, health, rows, new DiskTractStorage(parts), new RocksRowLedger(values, health));
        return new Store(disk, lock, superblock, values, opened);
    }

    private static StartKind kind(Superblock found, UUID boot) {
        if (found.clean()) {
            return StartKind.CLEAN;
        }
        return found.bootId().equals(boot) ? StartKind.KILLED : StartKind.UNCLEAN;
    }

    /** The store's id. */
    public StoreId id() {
        return superblock.current().store();
    }

    /** This start of the store. */
    public Incarnation incarnation() {
        return incarnation;
    }

    /** Id and start. */
    public StoreRef ref() {
        return new StoreRef(id(), incarnation());
    }

    /** Whether bytes that were not synced were lost, perhaps, and not all rows have been judged since (P7). */
    public boolean isUnclean() {
        return !uncleanThrough.equals(Incarnation.NONE);
    }

    /**
     * The incarnation that the last power loss ended, if rows were left at this start that no plan has judged since;
     * else {@link Incarnation#NONE}. A row that names a later incarnation of the store has been judged (P7).
     */
    public Incarnation uncleanThrough() {
        return uncleanThrough;
    }

    /** The cluster it belongs to. */
    public ClusterId cluster() {
        return superblock.current().cluster();
    }

    /**
     * Every row was judged since the last power loss, so that what is held counts again; durable when it returns (P7).
     * Until then every later start is unclean too, whatever ended this one.
     */
    public void judged() throws TractException {
        if (superblock.current().uncleanThrough().equals(Incarnation.NONE)) {
            return;
        }
        try {
            superblock.update(Superblock::judged);
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    /**
     * The metadata server has seen this store further than it is: its disk is an old copy, so that nothing held is trusted
     * until it was judged (P7). Durable when it returns; write numbers go on above the one that was seen.
     */
    public void lostWrites(long seen) throws TractException {
        try {
            superblock.update(block -> block.behind(seen + WriteSequence.LEASE));
            storage.skipWriteNumbers(seen);
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    /**
     * It has no part in the cluster any more, and fails for good as if its disk had.
     *
     * @param registered a start that the next one has to be above, whatever the clock says then
     */
    public void refused(String reason, Incarnation registered) {
        try {
            superblock.update(block -> block.outranked(registered));
        } catch (IOException e) {
            LOG.warn("store={} directory={} the registered incarnation was not noted", id(), disk.name(), e);
        }
        TractException unused = health.onFailure(new IOException(reason));
    }

    /** Where it is, for messages. */
    public String name() {
        return disk.name();
    }

    /** The tracts. */
    public TractStorage storage() {
        return storage;
    }

    /** The number of rows N that the store was told once; 0 if never. */
    public int rows() {
        return rows.countOrZero();
    }

    /** The rows. */
    public RowLedger ledger() {
        return ledger;
    }

    /**
     * Takes over the number of rows, which the cluster says when the store registers; before, the storage answers STARTING.
     *
     * @throws TractException WRONG_CLUSTER if the store was told another number before
     */
    public void adoptLayout(int rowCount) throws TractException {
        int known = rows.countOrZero();
        if (known == rowCount) {
            return;
        }
        if (known != 0) {
            throw new TractException(
                    ErrorCode.WRONG_CLUSTER, disk.name() + " is laid out for " + known + " rows, not " + rowCount);
        }
        try {
            superblock.update(block -> block.withRows(rowCount));
        } catch (IOException e) {
            throw health.onFailure(e);
        }
        rows.adopt(rowCount);
    }

    /** Keeps the witness of unsynced pages up to date; to be called about once a second by one thread. */
    public void renewWitness() {
        machine.renewWitness();
    }

    /**
     * Syncs and closes everything. The clean mark is left out if a start found a killed process: what that one had written
     * may still be in the page cache.
     */
    @Override
    public void close() {
        storage.close();
        values.close();
        try {
            if (health.failure().isEmpty() && start != StartKind.KILLED) {
                superblock.update(Superblock::closed);
            }
        } catch (IOException e) {
            LOG.warn("store={} no clean mark", disk.name(), e);
        } finally {
            lock.close();
        }
        LOG.info("store={} directory={} state=closed", id(), disk.name());
    }

    /**
     * The machine as a store sees it.
     *
     * @param boot id of the time in which unsynced pages are not lost: of the machine's present start, or of less
     * @param clock its clock
     * @param witness tells of the loss of pages; empty where the boot id is all that is known
     */
    public record Machine(UUID boot, Clock clock, Optional<PageCacheWitness> witness) {
        /** A machine that loses unsynced pages only when it is started anew. */
        public Machine(UUID boot, Clock clock) {
            this(boot, clock, Optional.empty());
        }

        /** The machine that this runs on, as the store in a directory has to see it. */
        static Machine current(Path directory, StoreId store) throws IOException {
            String text = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
            PageCacheWitness witness =
                    PageCacheWitness.open(directory, store, UUID.fromString(text.trim()), PageCacheWitness.MEMORY);
            return new Machine(witness.life(), Clock.SYSTEM, Optional.of(witness));
        }

        private void renewWitness() {
            witness.ifPresent(PageCacheWitness::renew);
        }
    }
}
