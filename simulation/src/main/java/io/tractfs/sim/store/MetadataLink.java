package io.tractfs.sim.store;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.assignment.Event;
import io.tractfs.metadata.assignment.StoreSpace;
import io.tractfs.sim.kernel.Outcome;
import io.tractfs.sim.protocol.MetadataService.Heard;
import io.tractfs.sim.protocol.MetadataService.Registered;
import io.tractfs.sim.protocol.MetadataService.Registration;
import io.tractfs.sim.protocol.MetadataService.Sign;
import io.tractfs.sim.protocol.Peers.MetadataPeer;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.table.StoreInfo;
import io.tractfs.tract.gate.StoreRows;
import io.tractfs.tract.server.GarbageFollower;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.TractStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Looks for the leader, registers, sends signs of life and reports, and begins anew when the leader is lost or asks for
 * it. Not thread-safe.
 */
final class MetadataLink {
    private static final long HEARTBEAT_NANOS = 250_000_000;
    private static final long SEARCH_NANOS = 100_000_000;
    private static final long CALL_NANOS = 1_000_000_000;
    private static final int MOST_SILENT = 3;

    private final StoreParts parts;
    private final ControlDriver control;
    private final StoreRows rows;
    private final GarbageFollower garbage;
    private final Map<Integer, HeldRow> reports = new TreeMap<>();
    private int candidate;
    private int silent;
    private boolean registered;
    private long registeredNanos;
    private long garbageHead;

    MetadataLink(StoreParts parts, ControlDriver control, GarbageFollower garbage) {
        this.parts = parts;
        this.control = control;
        this.rows = control.rows();
        this.garbage = garbage;
    }

    /** The server that this store is registered with. */
    Optional<MetadataPeer> leader() {
        return registered ? Optional.of(server()) : Optional.empty();
    }

    /** Since when. */
    long registeredNanos() {
        return registeredNanos;
    }

    /** Where the garbage log ended when the leader was heard last. */
    long garbageHead() {
        return garbageHead;
    }

    /** One exchange with the leader, then a pause, for ever. */
    void run() {
        if (registered) {
            heartbeat();
        } else {
            register();
        }
    }

    /** There is a leader whose epoch was not shown. */
    void registerAgain() {
        registered = false;
    }

    /** Keeps a state to be reported, in place of an older one. */
    void report(HeldRow row) {
        reports.put(row.row().index(), row);
        sendReports();
    }

    private MetadataPeer server() {
        List<MetadataPeer> all = parts.peers().metadata();
        return all.get(candidate % all.size());
    }

    private void register() {
        MetadataPeer server = server();
        StoreInfo info = new StoreInfo(
                parts.disk().ref(), parts.process().name(), parts.process().name(), 1, "/default-rack");
        Registration request = new Registration(
                info, rows.leader(), garbage.reported(), parts.disk().writeSequence());
        parts.network()
                .<Registered>call(
                        parts.process(),
                        server.process(),
                        "register",
                        CALL_NANOS,
                        answer -> server.service().register(request, answer),
                        this::registered);
    }

    private void registered(Outcome<Registered> outcome) {
        long pause = SEARCH_NANOS;
        if (outcome instanceof Outcome.Answered<Registered> answer) {
            try {
                tellIfBehind(answer.value().behind());
                rows.show(answer.value().history());
                parts.disk().registered(parts.disk().ref().incarnation());
                garbage.begin(answer.value().garbageStart());
                garbageHead = answer.value().garbageHead();
                registeredNanos = registered ? registeredNanos : parts.time().nowNanos();
                registered = true;
                silent = 0;
                pause = HEARTBEAT_NANOS;
            } catch (TractException e) {
                parts.time().note(parts.process() + " refuses the leader: " + e.getMessage());
                candidate++;
            }
        } else {
            candidate++;
        }
        parts.process().after(pause, this::run);
    }

    /** The disk is an old copy: no claim is given before that is known (P7). */
    private void tellIfBehind(long seen) {
        if (seen > 0 && !parts.off().contains(Rule.OLD_COPIES_ARE_TOLD)) {
            parts.process().note("hears that " + parts.disk() + " is an old copy");
            parts.disk().lostWrites(seen);
            control.lostWrites();
        }
    }

    private StoreSpace space() {
        TractStorage.StorageSpace space = parts.disk().tracts().space();
        return new StoreSpace(space.capacity(), space.used(), space.free(), space.tractCount());
    }

    private void heartbeat() {
        MetadataPeer server = server();
        String failure = parts.disk().tracts().failure().orElse("");
        parts.network()
                .<Heard>call(
                        parts.process(),
                        server.process(),
                        "heartbeat",
                        CALL_NANOS,
                        answer -> server.service().heartbeat(sign(failure), answer),
                        this::heard);
    }

    private Sign sign(String failure) {
        return new Sign(
                parts.disk().ref(),
                space(),
                failure,
                garbage.reported(),
                parts.disk().writeSequence());
    }

    private void heard(Outcome<Heard> outcome) {
        if (outcome instanceof Outcome.Answered<Heard> answer) {
            silent = 0;
            registered &= answer.value().known();
            garbageHead = answer.value().garbageHead();
            sendReports();
        } else if (outcome instanceof Outcome.Failed<Heard> failed) {
            boolean timedOut = failed.error().code() == ErrorCode.DEADLINE_EXCEEDED;
            if (!timedOut || ++silent >= MOST_SILENT) {
                registered = false;
                candidate++;
            }
        }
        parts.process().after(registered ? HEARTBEAT_NANOS : SEARCH_NANOS, this::run);
    }

    private void sendReports() {
        if (!registered || reports.isEmpty()) {
            return;
        }
        List<HeldRow> batch = List.copyOf(reports.values());
        reports.clear();
        List<Event.HeldState> states = new ArrayList<>();
        for (HeldRow row : batch) {
            states.add(new Event.HeldState(row.row().index(), row.row().version(), row.held()));
        }
        MetadataPeer server = server();
        parts.network()
                .<Boolean>call(
                        parts.process(),
                        server.process(),
                        "report " + batch.size() + " rows",
                        CALL_NANOS,
                        answer -> server.service().report(parts.disk().ref(), states, answer),
                        outcome -> {
                            if (outcome instanceof Outcome.Failed<Boolean>) {
                                batch.forEach(
                                        row -> reports.putIfAbsent(row.row().index(), row));
                            }
                        });
    }
}
