package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.BlobId;
import io.tractfs.id.Epoch;
import io.tractfs.metadata.permission.Attributes;
import io.tractfs.metadata.permission.Requester;
import java.util.Set;

/** Layout, leaderships, register of stores, floors and the garbage log. Immutable. */
final class ClusterRules {
    private static final int DIRECTORY_BITS = 0755;
    private static final int SHARED_BITS = 01777;

    private ClusterRules() {}

    /** Fixes the layout, once, and makes the first directories. */
    static Result format(Execution execution, ClusterCommand.Format command) throws Refusal {
        Transaction transaction = execution.transaction();
        if (transaction.get(KeySpace.LAYOUT, Keys.EMPTY) != null) {
            throw new Refusal(
                    ErrorCode.ALREADY_EXISTS,
                    "The cluster is formatted already: " + execution.layout().cluster());
        }
        ClusterLayout layout = command.layout();
        transaction.put(KeySpace.LAYOUT, Keys.EMPTY, ClusterCodec.encode(layout).toByteArray());
        Attributes attributes =
                new Attributes(DIRECTORY_BITS, command.starter(), layout.supergroup(), execution.timeMs(), 0);
        Inode.Directory root = new Inode.Directory(Inode.ROOT, attributes, 0);
        execution.edit().replace(Location.ROOT, root);
        execution.counters().inodeCount = 1;
        Execution starter = new Execution(
                transaction,
                new Requester(command.starter(), Set.of(), true),
                execution.name(),
                execution.position(),
                execution.timeMs(),
                execution.limits(),
                new Subject());
        Entry<Inode> top = new Entry<>(Location.ROOT, root);
        CreateRules.addDirectory(starter, top, "tmp", SHARED_BITS);
        Entry<Inode> users = CreateRules.addDirectory(starter, top, "user", DIRECTORY_BITS);
        CreateRules.addDirectory(starter, users, command.starter(), DIRECTORY_BITS);
        return Result.DONE;
    }

    /** Begins a leadership: its epoch is the last one plus one, its blob ids begin anew (P12, P31). */
    static Result takeEpoch(Execution execution, ClusterCommand.TakeEpoch command) throws Refusal {
        Counters counters = execution.counters();
        if (counters.epoch.value() >= BlobId.MAX_EPOCH) {
            throw new Refusal(ErrorCode.INTERNAL, "No epoch is left after " + counters.epoch);
        }
        Epoch epoch = new Epoch(counters.epoch.value() + 1);
        counters.epoch = epoch;
        counters.lineage = command.lineage();
        counters.nextBlob = 1;
        long index = execution.position().index();
        execution
                .transaction()
                .put(
                        KeySpace.EPOCHS,
                        Keys.ofInt(epoch.value()),
                        ClusterCodec.encode(new EpochRecord(epoch, command.lineage(), index)));
        return new Result.EpochTaken(epoch, index);
    }

    /** Registers the start of a store; its incarnation has to grow (P6). One that was removed counts again. */
    static Result registerStore(Execution execution, ClusterCommand.RegisterStore command) throws Refusal {
        byte[] key = Keys.ofUuid(command.store().value());
        byte[] value = execution.transaction().get(KeySpace.STORES, key);
        boolean draining = false;
        long seen = command.writeSequence();
        if (value != null) {
            StoreRegistration old = ClusterCodec.decodeStore(value);
            requireNewer(old, command);
            draining = old.draining();
            seen = old.seenWith(command.incarnation(), command.writeSequence());
        }
        StoreRegistration registration = new StoreRegistration(
                command.store(), command.incarnation(), command.server(), false, draining, false, seen);
        execution.transaction().put(KeySpace.STORES, key, ClusterCodec.encode(registration));
        return Result.DONE;
    }

    private static void requireNewer(StoreRegistration old, ClusterCommand.RegisterStore command) throws Refusal {
        int order = command.incarnation().compareTo(old.incarnation());
        if (order < 0 || (order == 0 && !command.server().equals(old.server()))) {
            throw new Refusal(
                    ErrorCode.STALE_INCARNATION,
                    "Store " + old.store() + " is registered with incarnation " + old.incarnation() + " by "
                            + old.server() + ", not with " + command.incarnation() + " by " + command.server());
        }
    }

    /** Removes a store for good. */
    static Result removeStore(Execution execution, ClusterCommand.RemoveStore command) throws Refusal {
        byte[] key = Keys.ofUuid(command.store().value());
        byte[] value = execution.transaction().get(KeySpace.STORES, key);
        if (value == null) {
            throw new Refusal(ErrorCode.UNKNOWN_STORE, "Store " + command.store() + " is not registered");
        }
        StoreRegistration old = ClusterCodec.decodeStore(value);
        execution.transaction().put(KeySpace.STORES, key, ClusterCodec.encode(old.asRemoved()));
        return Result.DONE;
    }

    /** Takes an operator's word on a store. */
    static Result markStore(Execution execution, ClusterCommand.MarkStore command) throws Refusal {
        byte[] key = Keys.ofUuid(command.store().value());
        byte[] value = execution.transaction().get(KeySpace.STORES, key);
        if (value == null) {
            throw new Refusal(ErrorCode.UNKNOWN_STORE, "Store " + command.store() + " is not registered");
        }
        StoreRegistration marked = ClusterCodec.decodeStore(value).marked(command.mark());
        execution.transaction().put(KeySpace.STORES, key, ClusterCodec.encode(marked));
        return Result.DONE;
    }

    /** Raises floors under the present leadership only; a floor never falls (P13). */
    static Result commitFloors(Execution execution, ClusterCommand.CommitFloors command) throws Refusal {
        Counters counters = execution.counters();
        if (!command.epoch().equals(counters.epoch) || !command.lineage().equals(counters.lineage)) {
            throw new Refusal(
                    ErrorCode.STALE_EPOCH,
                    "Floors of epoch " + command.epoch() + " (" + command.lineage() + ") come after epoch "
                            + counters.epoch + " (" + counters.lineage + ") began");
        }
        int rows = execution.layout().rows();
        for (ClusterCommand.RowFloor floor : command.floors()) {
            if (floor.row() < 0 || floor.row() >= rows) {
                throw new Refusal(ErrorCode.INVALID_ARGUMENT, "Row " + floor.row() + " is not below " + rows);
            }
            byte[] key = Keys.ofInt(floor.row());
            byte[] old = execution.transaction().get(KeySpace.FLOORS, key);
            if (old == null || Long.compareUnsigned(floor.version().value(), Keys.toLong(old)) > 0) {
                execution
                        .transaction()
                        .put(KeySpace.FLOORS, key, Keys.ofLong(floor.version().value()));
            }
        }
        return Result.DONE;
    }

    /** Shortens the garbage log at its start. */
    static Result trimGarbage(Execution execution, ClusterCommand.TrimGarbage command) {
        Counters counters = execution.counters();
        long through = Math.min(command.through(), counters.garbageHead);
        for (long sequence = counters.garbageStart; sequence <= through; sequence++) {
            execution.transaction().delete(KeySpace.GARBAGE, Keys.ofLong(sequence));
        }
        counters.garbageStart = Math.max(counters.garbageStart, through + 1);
        return Result.DONE;
    }

    /** Removes a part of deleted trees. */
    static Result sweep(Execution execution, ClusterCommand.SweepDetached command) {
        return new Result.Answer(execution.edit().sweep(command.limit()));
    }
}
