package io.tractfs.client.write;

import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One tract of a segment in writing. Confined to its {@link SegmentWriter}. */
final class TractProgress {
    final int index;
    final TractId id;
    /** Bytes not yet released, in order. */
    final Deque<Packet> packets = new ArrayDeque<>();
    /** Version under which acknowledgements count at present. */
    RowVersion version = RowVersion.NONE;

    int rowIndex = -1;
    /** Those that must have everything; empty while the row takes no writes. */
    List<MemberProgress> members = List.of();
    /** What was acknowledged when the version was taken up; members answer from here on. */
    int base;
    /** Acknowledged by all members under one version. */
    int acknowledged;
    /** End of what was appended. */
    int end;
    /** End of what must get to the disks. */
    int syncTarget;
    /** End of what is on the disks of all members. */
    int synced;
    /** Whether bytes beyond the acknowledged ones were sent to anybody. */
    boolean sentAny;

    boolean frozen;
    /** Since when nothing has moved. */
    long stillSinceMs;
    /** Since when the row takes no writes; meaningful while it has no members. */
    long closedSinceMs;

    /** Since when a member under the present version has said that it has no space; -1 if none has. */
    long fullSinceMs = -1;

    @Nullable
    TractException lastError;

    TractProgress(TractId id, int acknowledged, long nowMs) {
        this.index = id.index();
        this.id = id;
        this.base = acknowledged;
        this.acknowledged = acknowledged;
        this.end = acknowledged;
        this.stillSinceMs = nowMs;
    }

    /** Takes up a row if it is another version or the first one; true if it did. */
    boolean adopt(Row row, int replicationClass, long nowMs) {
        boolean nowFrozen = row.isFrozen(replicationClass);
        if (rowIndex >= 0 && !row.version().isAfter(version) && nowFrozen == frozen) {
            return false;
        }
        boolean wasOpen = rowIndex < 0 || !members.isEmpty();
        rowIndex = row.index();
        version = row.version();
        fullSinceMs = -1;
        frozen = nowFrozen;
        base = acknowledged;
        members = writable(row, replicationClass) ? begin(row, replicationClass) : List.of();
        if (members.isEmpty() && wasOpen) {
            closedSinceMs = nowMs;
        }
        return true;
    }

    private boolean writable(Row row, int replicationClass) {
        if (frozen) {
            return false;
        }
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null && member.holds(replicationClass)) {
                return true;
            }
        }
        return false;
    }

    private List<MemberProgress> begin(Row row, int replicationClass) {
        List<MemberProgress> all = new ArrayList<>(replicationClass);
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null && row.keeps(column, replicationClass)) {
                all.add(new MemberProgress(member.ref(), base, !sentAny));
            }
        }
        return all;
    }

    /** Whether a call's member still counts. */
    boolean counts(MemberProgress member) {
        return members.contains(member);
    }

    /** Counts what the members have; true if more is acknowledged or on disk than before. */
    boolean recount(long nowMs) {
        if (members.isEmpty()) {
            return false;
        }
        // What arrives after a segment was ended is no part of it.
        int held = Math.max(acknowledged, end);
        int onDisk = Integer.MAX_VALUE;
        for (MemberProgress member : members) {
            held = Math.min(held, member.held);
            onDisk = Math.min(onDisk, member.synced);
        }
        boolean more = held > acknowledged || onDisk > synced;
        acknowledged = Math.max(acknowledged, held);
        synced = Math.max(synced, Math.min(onDisk, acknowledged));
        if (more) {
            movedAt(nowMs);
        }
        return more;
    }

    /** It moves, or has something to do for the first time: what held it up before counts no more. */
    void movedAt(long nowMs) {
        stillSinceMs = nowMs;
        fullSinceMs = -1;
    }

    /** Whether something is still to be acknowledged or brought to disk. */
    boolean isBusy() {
        return acknowledged < end || synced < syncTarget;
    }
}
