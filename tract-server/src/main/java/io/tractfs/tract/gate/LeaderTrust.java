package io.tractfs.tract.gate;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Epoch;
import io.tractfs.id.Lineage;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Which leader a store obeys. A metadata server shows its epochs when the store registers; one whose log does not
 * contain the last point that the store saw is refused everything (P29). Of those shown, the store grants one epoch at a
 * time, refuses lower ones and the same one of another lineage (P12). Confined to the store's control loop.
 */
final class LeaderTrust {
    private final Map<Epoch, Lineage> shown = new HashMap<>();
    private LeaderPoint granted;

    LeaderTrust(LeaderPoint granted) {
        this.granted = granted;
    }

    LeaderPoint granted() {
        return granted;
    }

    /** Takes note of the epochs that a metadata server's log contains, or refuses it. */
    void show(Collection<LeaderPoint> history) throws TractException {
        Map<Epoch, Lineage> epochs = new HashMap<>();
        history.forEach(point -> epochs.put(point.epoch(), point.lineage()));
        if (!granted.epoch().equals(Epoch.NONE) && !granted.lineage().equals(epochs.get(granted.epoch()))) {
            throw new TractException(
                    ErrorCode.LINEAGE_MISMATCH,
                    "this store has seen epoch " + granted.epoch() + " of lineage " + granted.lineage()
                            + ", which the metadata server's log does not contain: it may be an old copy or a clone,"
                            + " and is refused until an operator decides");
        }
        shown.clear();
        shown.putAll(epochs);
    }

    /** Whether an epoch was shown; if not, the store registers anew and looks again. */
    boolean isShown(Epoch epoch) {
        return shown.containsKey(epoch);
    }

    /**
     * Grants an epoch.
     *
     * @return whether there is something to persist
     * @throws TractException STALE_EPOCH, LINEAGE_MISMATCH, or STARTING if the leader has not shown its history yet
     */
    boolean grant(LeaderPoint leader) throws TractException {
        refuseOlder(leader.epoch(), leader.lineage());
        // Also of the epoch that was granted before the store was started: it has yet to hear what registration tells
        // it.
        if (!leader.lineage().equals(shown.get(leader.epoch()))) {
            throw new TractException(
                    ErrorCode.STARTING,
                    "epoch " + leader.epoch() + " was not in the history shown at registration; the store registers"
                            + " again first");
        }
        if (leader.epoch().equals(granted.epoch()) && leader.appliedIndex() <= granted.appliedIndex()) {
            return false;
        }
        granted = leader;
        return true;
    }

    /** Takes note of a later point of the granted epoch; whether it is one. Any other point changes nothing. */
    boolean saw(LeaderPoint point) {
        boolean later = point.epoch().equals(granted.epoch())
                && point.lineage().equals(granted.lineage())
                && point.appliedIndex() > granted.appliedIndex();
        if (later) {
            granted = point;
        }
        return later;
    }

    /**
     * Checks that an order comes from the leader whose epoch is granted.
     *
     * @throws TractException STALE_EPOCH, LINEAGE_MISMATCH, or STARTING if the epoch has yet to be granted
     */
    void check(Epoch epoch, Lineage lineage) throws TractException {
        refuseOlder(epoch, lineage);
        if (epoch.compareTo(granted.epoch()) > 0) {
            throw new TractException(
                    ErrorCode.STARTING, "epoch " + epoch + " has yet to be granted; granted is " + granted.epoch());
        }
    }

    private void refuseOlder(Epoch epoch, Lineage lineage) throws TractException {
        if (epoch.compareTo(granted.epoch()) < 0) {
            throw new TractException(
                    ErrorCode.STALE_EPOCH, "epoch " + epoch + " is over; granted is " + granted.epoch());
        }
        if (epoch.equals(granted.epoch()) && !lineage.equals(granted.lineage())) {
            throw new TractException(
                    ErrorCode.LINEAGE_MISMATCH,
                    "epoch " + epoch + " was granted to lineage " + granted.lineage() + ", not " + lineage);
        }
    }
}
