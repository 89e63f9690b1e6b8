package io.tractfs.sim.store;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import io.tractfs.sim.kernel.Responder;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.sim.protocol.StoreService.Address;
import io.tractfs.sim.protocol.StoreService.Bytes;
import io.tractfs.sim.protocol.StoreService.ListRow;
import io.tractfs.sim.protocol.StoreService.Page;
import io.tractfs.sim.protocol.StoreService.Read;
import io.tractfs.sim.protocol.StoreService.Tail;
import io.tractfs.tract.gate.Admission;
import io.tractfs.tract.gate.Admissions;
import io.tractfs.tract.gate.Need;
import io.tractfs.tract.gate.RowAdmission;
import io.tractfs.tract.gate.Verdict;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.TractSlice;
import io.tractfs.tract.store.TractState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Serves readers and reconciling stores as the tract server's read handlers do. Not thread-safe. */
final class ReadDriver {
    private final StoreDisk disk;
    private final Admissions admissions;
    private final Set<Rule> off;

    ReadDriver(StoreDisk disk, Admissions admissions, Set<Rule> off) {
        this.off = off;
        this.disk = disk;
        this.admissions = admissions;
    }

    /** Gives bytes. */
    void read(Read request, Responder<Bytes> answer) {
        Address address = request.address();
        Need need = request.closed() ? Need.CLOSED_READ : Need.TAIL;
        try (Admission admission = admissions.of(address.row()).admit(need, address.version(), 0)) {
            if (admission.verdict() != Verdict.ADMIT) {
                answer.fail(TractDriver.refusal(address, admission));
                return;
            }
            answer.reply(read(request, admission));
        } catch (TractException e) {
            answer.fail(e);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Bytes read(Read request, Admission admission) throws IOException {
        TractId tract = request.address().tract();
        try (TractSlice slice = disk.tracts().read(tract, request.offset(), request.length())) {
            ByteBuffer data = ByteBuffer.allocate(slice.dataLength());
            while (data.hasRemaining()) {
                if (slice.channel().read(data, slice.channelPosition() + data.position()) < 0) {
                    throw new IOException("slice of " + tract + " ends early");
                }
            }
            byte[] checksums = new byte[slice.checksums().remaining()];
            slice.checksums().duplicate().get(checksums);
            return new Bytes(slice.dataOffset(), checksums, data.array(), slice.tractLength(), admission.version());
        } catch (TractException e) {
            if (e.code() == ErrorCode.TRACT_NOT_FOUND && !admission.isInSync(disk.id())) {
                throw new TractException(ErrorCode.RECOVERING, "has not got " + tract, admission.version(), e);
            }
            throw e;
        }
    }

    /** Says how far a tract of an open file is there (P22). */
    void tail(Address address, int replication, Responder<Tail> answer) {
        RowAdmission gate = admissions.of(address.row());
        try (Admission admission = gate.admit(Need.TAIL, address.version(), 0)) {
            boolean excused = admission.verdict() == Verdict.STALE && off.contains(Rule.GATE_REFUSES_OLDER_TAIL_READS);
            if (admission.verdict() != Verdict.ADMIT && !excused) {
                answer.fail(TractDriver.refusal(address, admission));
                return;
            }
            Optional<TractState> state = disk.state(address.tract());
            if (state.isPresent()) {
                TractState held = state.get();
                boolean holder = admission.isHolder(held.replication());
                answer.reply(new Tail(held, gate.lengthAtVersion(held), holder, address.version()));
            } else {
                answer.reply(new Tail(null, 0, admission.isHolder(replication), address.version()));
            }
        }
    }

    /** Gives a page of a row's list (P11). */
    void list(ListRow request, boolean merging, Responder<Page> answer) {
        RowAdmission gate = admissions.of(request.row());
        try (Admission admission = gate.admitList(request.version(), request.classes())) {
            @Nullable HeldRow held = gate.held();
            if (admission.verdict() != Verdict.ADMIT || held == null) {
                answer.fail(new TractException(admission.verdict().code(), "no list of row " + request.row()));
                return;
            }
            answer.reply(page(request, held, merging));
        } catch (TractException e) {
            answer.fail(e);
        }
    }

    private Page page(ListRow request, HeldRow held, boolean merging) throws TractException {
        List<TractState> page = new ArrayList<>();
        @Nullable TractId after = request.after();
        boolean more = true;
        while (more && page.isEmpty()) {
            List<TractState> listed = disk.tracts().list(request.row(), after, request.limit());
            for (TractState state : listed) {
                after = state.tract();
                if (state.belongsTo(request.classes(), held.row())) {
                    page.add(withoutRanges(state));
                }
            }
            more = listed.size() == request.limit();
        }
        return new Page(page, more, merging);
    }

    /** What the wire carries of a tract in a list. */
    private static TractState withoutRanges(TractState state) {
        return new TractState(
                state.tract(),
                state.length(),
                List.of(),
                state.generation(),
                state.version(),
                state.replication(),
                state.tractSize(),
                state.acknowledgedLength(),
                state.damaged());
    }
}
