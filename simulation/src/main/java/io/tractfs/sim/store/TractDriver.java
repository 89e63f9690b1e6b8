package io.tractfs.sim.store;

import io.netty.buffer.Unpooled;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.sim.kernel.EventQueue;
import io.tractfs.sim.kernel.Responder;
import io.tractfs.sim.kernel.SimulatedProcess;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.sim.protocol.StoreService.Address;
import io.tractfs.sim.protocol.StoreService.Cut;
import io.tractfs.sim.protocol.StoreService.Ensure;
import io.tractfs.sim.protocol.StoreService.Ensured;
import io.tractfs.sim.protocol.StoreService.Fence;
import io.tractfs.sim.protocol.StoreService.Tail;
import io.tractfs.sim.protocol.StoreService.Write;
import io.tractfs.tract.gate.Admission;
import io.tractfs.tract.gate.Admissions;
import io.tractfs.tract.gate.Need;
import io.tractfs.tract.gate.RowAdmission;
import io.tractfs.tract.gate.Verdict;
import io.tractfs.tract.store.Pieces;
import io.tractfs.tract.store.TractState;
import io.tractfs.tract.store.TractState.Span;
import io.tractfs.tract.store.TractStorage.TractWrite;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Serves writers as the tract server's write threads do: inside an admission of the version gate that ends with the
 * answer. Time passes between admission and disk, so that membership can change in between (A6). Not thread-safe.
 */
final class TractDriver {
    private final StoreDisk disk;
    private final Admissions admissions;
    private final SimulatedProcess process;
    private final DiskTiming timing;
    private final Set<Rule> off;
    private final EventQueue time;
    private final Map<TractId, Long> busyUntil = new HashMap<>();

    TractDriver(StoreParts parts) {
        this.disk = parts.disk();
        this.admissions = parts.admissions();
        this.process = parts.process();
        this.timing = parts.timing();
        this.off = parts.off();
        this.time = parts.time();
    }

    /** Takes bytes. */
    void write(Write request, Responder<RowVersion> answer) {
        inTurn(request.address().tract(), diskNanos(request.sync()), nanos -> begin(request, nanos, answer));
    }

    private void begin(Write request, long nanos, Responder<RowVersion> answer) {
        Address address = request.address();
        Admission admission = admit(Need.WRITE, address, request.segment().replication());
        if (isRefused(admission)) {
            answer.fail(refusal(address, admission));
            return;
        }
        process.after(nanos, () -> {
            try {
                RowAdmission gate = admissions.of(address.row());
                disk.tracts().state(address.tract()).ifPresent(state -> gate.beforeWrite(address.version(), state));
                disk.write(decode(request, admission, request.sync() && syncs()));
                answer.reply(address.version());
            } catch (TractException e) {
                answer.fail(e);
            }
            admission.close();
        });
    }

    private static TractWrite decode(Write request, Admission admission, boolean sync) {
        Address address = request.address();
        ByteBuffer data = ByteBuffer.wrap(request.data());
        return new TractWrite(
                address.tract(),
                address.row(),
                address.version().value(),
                request.segment().generation(),
                request.offset(),
                Pieces.checksums(address.tract(), request.offset(), data),
                Unpooled.wrappedBuffer(request.data()),
                request.segment().tractSize(),
                request.segment().replication(),
                request.segment().acknowledged(),
                !admission.isHolder(request.segment().replication()),
                sync);
    }

    /** Says how far a tract is there. */
    void ensure(Ensure request, Responder<Ensured> answer) {
        inTurn(request.address().tract(), diskNanos(request.sync()), nanos -> begin(request, nanos, answer));
    }

    private void begin(Ensure request, long nanos, Responder<Ensured> answer) {
        Address address = request.address();
        Admission admission = admit(Need.WRITE, address, replicationOf(address.tract()));
        if (isRefused(admission)) {
            answer.fail(refusal(address, admission));
            return;
        }
        process.after(nanos, () -> {
            try {
                answer.reply(new Ensured(ensure(request), admission.version()));
            } catch (TractException e) {
                answer.fail(e);
            }
            admission.close();
        });
    }

    /** Fences a tract, and says how far it is there (P19). */
    void fence(Fence request, boolean merging, Responder<Tail> answer) {
        inTurn(request.address().tract(), diskNanos(true), nanos -> begin(request, merging, nanos, answer));
    }

    private void begin(Fence request, boolean merging, long nanos, Responder<Tail> answer) {
        Address address = request.address();
        Admission admission = admit(Need.WRITE, address, request.replication());
        if (isRefused(admission)) {
            answer.fail(refusal(address, admission));
            return;
        }
        process.after(nanos, () -> {
            try {
                if (merging) {
                    throw new TractException(ErrorCode.RECOVERING, "still compares row " + address.row());
                }
                TractState state = disk.fence(request);
                int before = admissions.of(address.row()).lengthAtVersion(state);
                answer.reply(new Tail(state, before, admission.isHolder(request.replication()), address.version()));
            } catch (TractException e) {
                answer.fail(e);
            }
            admission.close();
        });
    }

    /** Cuts a tract. */
    void cut(Cut request, Responder<Boolean> answer) {
        inTurn(request.address().tract(), diskNanos(true), nanos -> begin(request, nanos, answer));
    }

    private void begin(Cut request, long nanos, Responder<Boolean> answer) {
        Address address = request.address();
        Admission admission = admit(Need.WRITE, address, 0);
        if (isRefused(admission)) {
            answer.fail(refusal(address, admission));
            return;
        }
        process.after(nanos, () -> {
            try {
                disk.cut(request);
                answer.reply(true);
            } catch (TractException e) {
                answer.fail(e);
            }
            admission.close();
        });
    }

    private boolean syncs() {
        return !off.contains(Rule.SYNC_BEFORE_ACKNOWLEDGEMENT);
    }

    /** One tract's requests run one after the other, as on the tract's write thread. */
    private void inTurn(TractId tract, long nanos, LongConsumer work) {
        long now = time.nowNanos();
        long begin = Math.max(now, busyUntil.getOrDefault(tract, 0L));
        busyUntil.put(tract, begin + nanos);
        process.after(begin - now, () -> work.accept(nanos));
    }

    private int ensure(Ensure request) throws TractException {
        TractId tract = request.address().tract();
        Optional<TractState> state = disk.tracts().state(tract);
        if (state.isEmpty()) {
            return 0;
        }
        if (request.generation().compareTo(state.get().generation()) < 0) {
            throw new TractException(ErrorCode.GENERATION_FENCED, "tract " + tract + " is fenced");
        }
        disk.tracts().acknowledge(tract, request.acknowledged());
        TractState held = request.sync() && syncs() ? disk.tracts().sync(tract) : state.get();
        return heldFrom(held, request.from(), request.length());
    }

    /** End of what is held sound and without a gap from an offset on; the same as in the tract server's handler. */
    private static int heldFrom(TractState state, int from, int most) {
        int end = from <= state.length() ? state.length() : 0;
        for (Span range : state.ranges()) {
            if (range.from() <= Math.max(end, from) && range.to() > from) {
                end = Math.max(end, range.to());
            }
        }
        for (Span bad : state.damaged()) {
            if (bad.to() > from && bad.from() < end) {
                end = Math.max(from, bad.from());
                break;
            }
        }
        return Math.min(end, most);
    }

    private int replicationOf(TractId tract) {
        return disk.state(tract).map(TractState::replication).orElse(0);
    }

    private Admission admit(Need need, Address address, int replication) {
        return admissions.of(address.row()).admit(need, address.version(), replication);
    }

    private boolean isRefused(Admission admission) {
        boolean excused = admission.verdict() == Verdict.STALE && off.contains(Rule.GATE_REFUSES_OLDER_WRITES);
        return admission.verdict() != Verdict.ADMIT && !excused;
    }

    static TractException refusal(Address address, Admission admission) {
        return new TractException(
                admission.verdict().code(),
                "row " + address.row() + ": " + admission.verdict() + ", asked under " + address.version() + ", held "
                        + admission.version(),
                admission.version(),
                null);
    }

    private long diskNanos(boolean sync) {
        return timing.nanos(sync ? 4_000_000 : 300_000);
    }
}
