package io.tractfs.metadata.assignment;

import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import io.tractfs.table.Waiting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** A store as the leader sees it: keeps what it accepted over restarts, by the rules P8, P9, P12 and P15. Not thread-safe. */
final class InMemoryStore {
    private static final int PAGE_ROWS = 7;

    final int number;
    final TreeMap<Integer, Held> rows = new TreeMap<>();
    long incarnation = 1;
    Epoch granted = Epoch.NONE;
    boolean running = true;
    /** Accepts calls but never answers. */
    boolean frozen;
    /** Answers probes and heartbeats, but no proposal. */
    boolean hungOverProposals;

    boolean reconciles = true;
    /** Rows that no plan has judged since the power was lost. */
    final Set<Integer> unclean = new TreeSet<>();
    /** Rows whose unclean copies are used, and that were not merged with the others since. */
    final Set<Integer> merging = new TreeSet<>();

    boolean leaving;
    String domain = "/default";

    /** One row as the store holds it. */
    record Held(Row row, ClassSet classes) {}

    InMemoryStore(int number) {
        this.number = number;
    }

    StoreId id() {
        return new StoreId(new UUID(0, number));
    }

    StoreRef ref() {
        return new StoreRef(id(), new Incarnation(incarnation));
    }

    StoreInfo info() {
        return new StoreInfo(ref(), "server" + number, "host" + number, 7620, domain);
    }

    void restart() {
        incarnation++;
        running = true;
        frozen = false;
    }

    void losePower() {
        unclean.addAll(rows.keySet());
    }

    Event.GrantAnswered grant(Epoch epoch, Effect.SendGrant request) {
        granted = epoch;
        List<Row> claims = new ArrayList<>();
        for (Held held : rows.tailMap(request.fromRow()).values()) {
            if (claims.size() == PAGE_ROWS) {
                return new Event.GrantAnswered(
                        ref(), request.asking(), claims, cut(), held.row().index());
            }
            claims.add(withOwnState(held));
        }
        return new Event.GrantAnswered(ref(), request.asking(), claims, cut(), 0);
    }

    private Set<Integer> cut() {
        Set<Integer> cut = new TreeSet<>(unclean);
        cut.addAll(merging);
        return cut;
    }

    private Row withOwnState(Held held) {
        int column = held.row().columnOf(id());
        if (column < 0) {
            return held.row();
        }
        StoreRef member = held.row().member(id()).orElseThrow().ref();
        Columns columns = held.row().columns().with(column, new io.tractfs.table.Member(member, held.classes()));
        return new Row(
                held.row().index(), held.row().version(), columns, held.row().waiting());
    }

    Event.ProposalResult accept(Effect.ProposedRow proposed) {
        Row row = proposed.row();
        Held before = rows.getOrDefault(row.index(), new Held(Row.unassigned(row.index(), 3), ClassSet.EMPTY));
        if (before.row().version().isAfter(row.version())) {
            return new Event.ProposalResult(
                    row.index(), false, before.row().version(), before.classes(), cut().contains(row.index()));
        }
        int column = row.columnOf(id());
        ClassSet stated = row.member(id()).orElseThrow().held();
        ClassSet kept =
                keeps(before, proposed).intersect(ClassSet.ofColumn(column, 3).plus(stated));
        if (cut().contains(row.index())) {
            kept = kept.intersect(stated);
            merging.add(row.index());
        }
        if (kept.isEmpty()) {
            merging.remove(row.index());
        }
        unclean.remove(row.index());
        kept = kept.plus(
                proposed.released().intersect(row.member(id()).orElseThrow().held()));
        rows.put(row.index(), new Held(row, kept));
        return new Event.ProposalResult(row.index(), true, row.version(), kept, merging.contains(row.index()));
    }

    private ClassSet keeps(Held before, Effect.ProposedRow proposed) {
        if (proposed.floor().equals(RowVersion.NONE)) {
            return proposed.row().member(id()).orElseThrow().held();
        }
        if (!before.row().version().isBefore(proposed.floor())) {
            return before.classes();
        }
        ClassSet awaited = ClassSet.EMPTY;
        for (Waiting waiting : proposed.row().waiting()) {
            if (waiting.store().equals(id()) && !before.row().version().isBefore(waiting.version())) {
                awaited = awaited.plus(waiting.classes().intersect(before.classes()));
            }
        }
        return awaited;
    }

    /** Brings published rows up to date from the holders that they name; returns what to report. */
    List<Event.HeldState> publish(Effect.SendPublish published) {
        published.empties().forEach(this::empty);
        Map<Integer, Event.HeldState> reports = new HashMap<>();
        for (Row row : published.rows()) {
            Held held = rows.get(row.index());
            if (!reconciles || held == null || !held.row().version().equals(row.version())) {
                continue;
            }
            ClassSet wanted = ClassSet.ofColumn(row.columnOf(id()), 3).minus(held.classes());
            ClassSet found = held.classes();
            for (int r = 1; r <= 3; r++) {
                if (wanted.contains(r) && PlanInFlight.hasHolder(row, r)) {
                    found = found.plus(new ClassSet(1 << (r - 1)));
                }
            }
            boolean merged = merging.remove(row.index());
            if (merged || !found.equals(held.classes())) {
                rows.put(row.index(), new Held(held.row(), found));
                reports.put(row.index(), new Event.HeldState(row.index(), row.version(), found));
            }
        }
        return List.copyOf(reports.values());
    }

    /** A version above the one of the order is not touched (P15). */
    private void empty(int row, RowVersion version) {
        Held held = rows.get(row);
        if (held == null || !held.row().version().isAfter(version)) {
            rows.put(row, new Held(new Row(row, version, Columns.vacant(3), List.of()), ClassSet.EMPTY));
        }
    }
}
