package io.tractfs.client.write;

import io.tractfs.client.write.Flights.Flight;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.table.Row;
import io.tractfs.table.TableImage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The pure core of writing one segment: {@code step(event, now)} gives effects; no socket, thread or clock.
 *
 * <p>Goals: a byte is acknowledged when every member of its class, in sync or recovering, acknowledged it under one
 * row version (P10). A member that fails or is stale costs a pause: the table is refreshed, the member is asked how far
 * it has the tract, and what is missing is sent again.
 *
 * <p>Constraints: tract i+w is begun only when all bytes through tract i are acknowledged, and bytes are released only
 * when all before them are acknowledged too (P18). Acknowledgements of an older version never count.
 *
 * <p>Example: packets p1 and p2 are acknowledged by A and B; C fails. C is complained about; the next table has version
 * 6 with A, B and D. All three are asked; A and B have p2's end, D has nothing beyond the acknowledged bytes; p1 and p2
 * go to D alone; with D's answers they are acknowledged under version 6.
 *
 * <p>Not thread-safe.
 */
public final class SegmentWriter {
    private static final int MOST_SYNCING = 16;
    private static final int STALE_BEFORE_COMPLAINT = 3;

    /** A stream leaves a full row only while its patience, doubled with each empty segment, is this much shorter than the other. */
    private static final int FULL_MOVES_FACTOR = 3;

    private final WriteTarget target;
    private final WriteTiming timing;
    private final RandomGenerator random;
    private final boolean eagerSync;
    private final TreeMap<Integer, TractProgress> tracts = new TreeMap<>();
    private final Flights flights;
    private final RefreshPacer refreshes;
    private final List<WriteEffect> effects = new ArrayList<>();
    private TableImage table;
    private int firstOpen;
    private int syncedTracts;
    private long appended;
    private long syncGoal;
    private boolean ended;
    private boolean failed;
    private long now;

    /**
     * A writer that continues a segment.
     *
     * @param startLength bytes that the segment has already
     * @param eagerSync whether full tracts are brought to disk as soon as they are acknowledged, so that the sync at
     *     the end is short
     */
    public SegmentWriter(
            WriteTarget target,
            long startLength,
            boolean eagerSync,
            TableImage table,
            WriteTiming timing,
            RandomGenerator random) {
        this.target = target;
        this.eagerSync = eagerSync;
        this.table = table;
        this.timing = timing;
        this.random = random;
        this.flights = new Flights(timing.slowMs());
        this.refreshes = new RefreshPacer(timing.refreshPause(), random);
        this.appended = startLength;
        this.firstOpen = (int) (startLength / target.tractSize());
        this.syncedTracts = firstOpen;
        int rest = (int) (startLength % target.tractSize());
        if (rest > 0) {
            TractProgress tract = begin(firstOpen, rest);
            tract.synced = rest;
        }
    }

    /** Bytes of the segment that all members have, from its beginning without a gap. */
    public long acknowledgedLength() {
        TractProgress tract = tracts.get(firstOpen);
        long length = target.startOf(firstOpen) + (tract == null ? 0 : tract.acknowledged);
        // What is acknowledged after the end was named does not belong to the segment any more.
        return ended ? Math.min(length, appended) : length;
    }

    /** Bytes of the segment that all members have on disk, as far as this writer knows. */
    public long syncedLength() {
        TractProgress tract = tracts.get(syncedTracts);
        return target.startOf(syncedTracts) + (tract == null ? 0 : tract.synced);
    }

    /** When a {@link WriteEvent.Tick} is due at the latest; empty while nothing is going on. */
    public OptionalLong nextTickMs() {
        if (failed) {
            return OptionalLong.empty();
        }
        long next = Long.MAX_VALUE;
        for (TractProgress tract : tracts.values()) {
            if (!tract.isBusy()) {
                continue;
            }
            next = Math.min(next, now + timing.slowMs() / 2);
            for (MemberProgress member : tract.members) {
                if (member.pausedUntilMs > now) {
                    next = Math.min(next, member.pausedUntilMs);
                }
            }
        }
        if (next == Long.MAX_VALUE) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.max(Math.min(next, refreshes.dueMs()), now + 1));
    }

    /**
     * Takes one event.
     *
     * @param nowMs monotonic
     * @return what is to be done, in order
     */
    public List<WriteEffect> step(WriteEvent event, long nowMs) {
        now = nowMs;
        if (failed) {
            return List.of();
        }
        if (event instanceof WriteEvent.Append append) {
            append(append.packet(), append.sync());
        } else if (event instanceof WriteEvent.SyncAll) {
            syncGoal = appended;
        } else if (event instanceof WriteEvent.Written written) {
            written(written);
        } else if (event instanceof WriteEvent.Answered answered) {
            answered(answered);
        } else if (event instanceof WriteEvent.Refused refused) {
            refused(refused);
        } else if (event instanceof WriteEvent.Table fresh) {
            table(fresh.image());
        } else {
            watch();
        }
        settle();
        List<WriteEffect> result = List.copyOf(effects);
        effects.clear();
        return result;
    }

    private void append(Packet packet, boolean sync) {
        if (ended) {
            return;
        }
        if (target.startOf(packet.tract()) + packet.offset() != appended || packet.end() > target.tractSize()) {
            throw new IllegalStateException(packet + " does not follow length " + appended);
        }
        TractProgress tract = tracts.get(packet.tract());
        if (tract == null) {
            tract = begin(packet.tract(), 0);
        }
        if (!tract.isBusy()) {
            tract.movedAt(now);
        }
        tract.packets.add(packet);
        tract.end = packet.end();
        appended = target.startOf(packet.tract()) + packet.end();
        syncGoal = sync ? appended : syncGoal;
    }

    private TractProgress begin(int index, int acknowledged) {
        TractProgress tract = new TractProgress(target.tract(index), acknowledged, now);
        tracts.put(index, tract);
        adopt(tract);
        return tract;
    }

    private boolean adopt(TractProgress tract) {
        Row row = table.rowOf(tract.id);
        return tract.adopt(row, row.classOf(target.replication()), now);
    }

    private void written(WriteEvent.Written event) {
        Flight flight = flights.remove(event.token()).orElse(null);
        if (flight == null || !(flight.call instanceof WriteEffect.Send send) || !flight.counts()) {
            return;
        }
        if (!event.version().equals(send.address().version())) {
            refuse(flight, ErrorCode.STALE_VERSION, event.version(), "acknowledged under another version");
            return;
        }
        flight.member.failures = 0;
        flight.member.acknowledged(send.packet());
        if (send.sync()) {
            flight.member.synced = Math.max(flight.member.synced, send.packet().end());
        }
        flight.tract.recount(now);
    }

    private void answered(WriteEvent.Answered event) {
        Flight flight = flights.remove(event.token()).orElse(null);
        if (flight == null || !(flight.call instanceof WriteEffect.Ask ask) || !flight.counts()) {
            return;
        }
        flight.answered();
        if (!event.version().equals(ask.address().version())) {
            refuse(flight, ErrorCode.STALE_VERSION, event.version(), "answered under another version");
            return;
        }
        MemberProgress member = flight.member;
        member.failures = 0;
        int length = Math.min(event.length(), ask.length());
        if (!ask.sync()) {
            member.answered(length);
        } else if (length >= ask.length()) {
            member.synced = Math.max(member.synced, ask.length());
        } else {
            member.failed(now, timing.memberPause(), random);
        }
        flight.tract.recount(now);
    }

    private void refused(WriteEvent.Refused event) {
        Flight flight = flights.remove(event.token()).orElse(null);
        if (flight == null) {
            return;
        }
        if (Refusals.remedy(event.code()) == Refusals.Remedy.FENCED) {
            fail(Refusals.fenced(target, event.message()));
        } else if (flight.counts()) {
            flight.answered();
            refuse(flight, event.code(), event.version(), event.message());
        }
    }

    private void refuse(Flight flight, ErrorCode code, RowVersion storeVersion, String message) {
        TractProgress tract = flight.tract;
        MemberProgress member = flight.member;
        Refusals.Remedy remedy = Refusals.remedy(code);
        tract.lastError = new TractException(code, message, storeVersion, null);
        if (remedy == Refusals.Remedy.FAIL) {
            fail(tract.lastError);
            return;
        }
        if (code == ErrorCode.DISK_FULL && tract.fullSinceMs < 0) {
            tract.fullSinceMs = now;
        }
        member.failed(now, timing.memberPause(), random);
        if (remedy != Refusals.Remedy.PAUSE || member.failures >= STALE_BEFORE_COMPLAINT) {
            refreshes.want();
        }
        if (remedy == Refusals.Remedy.COMPLAIN
                || (remedy == Refusals.Remedy.REFRESH && member.failures % STALE_BEFORE_COMPLAINT == 0)) {
            complain(flight, code, storeVersion);
        }
    }

    private void complain(Flight flight, ErrorCode code, RowVersion storeVersion) {
        WriteEffect.Address address = flight.call.address();
        effects.add(new WriteEffect.Complain(address.member(), address.row(), address.version(), code, storeVersion));
    }

    private void table(TableImage image) {
        boolean news = false;
        if (image.sequence().compareTo(table.sequence()) > 0) {
            table = image;
            for (TractProgress tract : tracts.values()) {
                news |= adopt(tract);
            }
        }
        refreshes.answered(news, now);
    }

    /** Looks for calls that take too long and tracts that do not move. */
    private void watch() {
        for (Flight flight : flights.slow(now)) {
            refreshes.want();
            if (!flight.call.sync() && now - flight.sentMs >= timing.slowComplaintMs()) {
                complain(flight, ErrorCode.DEADLINE_EXCEEDED, RowVersion.NONE);
            }
        }
        for (TractProgress tract : List.copyOf(tracts.values())) {
            if (tract.isBusy() && !failed && !isBeyondWindow(tract)) {
                watch(tract);
            }
        }
    }

    private void watch(TractProgress tract) {
        long patienceMs = tract.frozen ? timing.frozenPatienceMs() : timing.unavailablePatienceMs();
        boolean closed = tract.members.isEmpty() && now - tract.closedSinceMs >= patienceMs;
        TractException last = tract.lastError;
        long fullMs = tract.fullSinceMs < 0 ? -1 : now - tract.fullSinceMs;
        if ((closed || isFullForLong(fullMs)) && tract.acknowledged < tract.end && !ended) {
            end();
        } else if (last != null && fullMs >= timing.unavailablePatienceMs()) {
            fail(new TractException(
                    ErrorCode.DISK_FULL,
                    "Tract " + tract.id + " could not be written for " + timing.unavailablePatienceMs()
                            + " ms: no space left, and no store with space could take row " + tract.rowIndex
                            + ", last error: " + last.getMessage(),
                    last));
        } else if (now - tract.stillSinceMs >= timing.stallMs()) {
            String state = tract.frozen ? "is frozen" : tract.members.isEmpty() ? "has no members" : "does not move";
            fail(new TractException(
                    ErrorCode.ROW_UNAVAILABLE,
                    "Tract " + tract.id + " could not be written for " + timing.stallMs() + " ms: row " + tract.rowIndex
                            + " at version " + tract.version + " " + state,
                    tract.lastError));
        }
    }

    /**
     * Whether a member has had no space for longer than it takes to replace it: then nobody else has what it holds, and the
     * stream goes round its row as round a frozen one (P3). After some segments without a byte it stays, and fails in the end.
     */
    private boolean isFullForLong(long fullMs) {
        return fullMs >= timing.frozenPatienceMs()
                && timing.frozenPatienceMs() * FULL_MOVES_FACTOR <= timing.unavailablePatienceMs();
    }

    private void fail(TractException error) {
        failed = true;
        tracts.clear();
        flights.clear();
        effects.add(new WriteEffect.Fail(error));
    }

    /** P3: the segment ends at what is acknowledged; only syncs go on. */
    private void end() {
        ended = true;
        long length = acknowledgedLength();
        appended = length;
        syncGoal = Math.min(syncGoal, length);
        tracts.tailMap(firstOpen, false).clear();
        TractProgress last = tracts.get(firstOpen);
        if (last != null) {
            last.packets.clear();
            last.end = last.acknowledged;
            last.syncTarget = Math.min(last.syncTarget, last.end);
        }
        effects.add(new WriteEffect.MoveOn(length));
    }

    private boolean isBeyondWindow(TractProgress tract) {
        return tract.index >= firstOpen + target.window();
    }

    /** Brings everything in line with what is known: releases, syncs, sends, refreshes. */
    private void settle() {
        if (failed) {
            return;
        }
        release();
        planSyncs();
        for (TractProgress tract : tracts.values()) {
            if (isBeyondWindow(tract)) {
                break;
            }
            if (tract.isBusy()) {
                if (tract.members.isEmpty()) {
                    refreshes.want();
                }
                tract.members.forEach(member -> pump(tract, member));
            }
        }
        if (refreshes.begin(now)) {
            effects.add(new WriteEffect.Refresh(table.sequence()));
        }
    }

    private void release() {
        while (true) {
            @Nullable TractProgress tract = tracts.get(firstOpen);
            if (tract == null) {
                return;
            }
            while (!tract.packets.isEmpty() && tract.packets.peek().end() <= tract.acknowledged) {
                effects.add(new WriteEffect.Release(tract.packets.remove()));
            }
            if (tract.acknowledged < target.tractSize()) {
                return;
            }
            firstOpen++;
            if (eagerSync && !ended) {
                tract.syncTarget = target.tractSize();
            }
            TractProgress admitted = tracts.get(firstOpen + target.window() - 1);
            if (admitted != null) {
                admitted.stillSinceMs = now;
            }
        }
    }

    private void planSyncs() {
        dropDone();
        if (syncGoal <= syncedLength()) {
            return;
        }
        int last = (int) ((syncGoal - 1) / target.tractSize());
        for (int index = syncedTracts; index <= last && index < syncedTracts + MOST_SYNCING; index++) {
            TractProgress tract = tracts.get(index);
            if (tract == null) {
                tract = begin(index, target.tractSize());
            }
            int wanted = (int) Math.min(target.tractSize(), syncGoal - target.startOf(index));
            if (tract.syncTarget < wanted) {
                if (!tract.isBusy()) {
                    tract.movedAt(now);
                }
                tract.syncTarget = wanted;
            }
        }
    }

    /** Forgets tracts that are acknowledged and either on disk or of no concern before a sync is asked for. */
    private void dropDone() {
        while (true) {
            TractProgress tract = tracts.get(syncedTracts);
            if (tract == null || tract.synced < target.tractSize()) {
                break;
            }
            tracts.remove(syncedTracts++);
        }
        Iterator<TractProgress> done = tracts.headMap(firstOpen).values().iterator();
        while (done.hasNext()) {
            TractProgress tract = done.next();
            if (tract.syncTarget == 0) {
                done.remove();
            }
        }
    }

    private void pump(TractProgress tract, MemberProgress member) {
        if (now < member.pausedUntilMs) {
            return;
        }
        if (!member.known) {
            if (!member.asking) {
                member.asking = true;
                ask(tract, member, tract.end, false);
            }
            return;
        }
        for (Packet packet : tract.packets) {
            if (packet.end() > member.sent) {
                send(tract, member, packet);
            }
        }
        if (member.held >= tract.syncTarget && member.synced < tract.syncTarget && !member.syncing) {
            member.syncing = true;
            ask(tract, member, tract.syncTarget, true);
        }
    }

    private void ask(TractProgress tract, MemberProgress member, int length, boolean sync) {
        int from = Math.min(tract.base, length);
        long token = flights.token();
        launch(
                tract,
                member,
                new WriteEffect.Ask(token, address(tract, member), from, length, acknowledgedLength(), sync));
    }

    private void send(TractProgress tract, MemberProgress member, Packet packet) {
        // A sync counts for all bytes before it only if none of them is still on its way.
        boolean sync = packet.end() <= tract.syncTarget && member.held >= packet.offset();
        member.sent = packet.end();
        tract.sentAny = true;
        long token = flights.token();
        launch(tract, member, new WriteEffect.Send(token, address(tract, member), packet, acknowledgedLength(), sync));
    }

    private static WriteEffect.Address address(TractProgress tract, MemberProgress member) {
        return new WriteEffect.Address(member.ref, tract.id, tract.rowIndex, tract.version);
    }

    private void launch(TractProgress tract, MemberProgress member, WriteEffect.Call call) {
        flights.add(tract, member, call, now);
        effects.add(call);
    }
}
