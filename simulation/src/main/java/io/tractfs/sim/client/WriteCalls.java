package io.tractfs.sim.client;

import io.tractfs.client.write.Packet;
import io.tractfs.client.write.WriteEffect;
import io.tractfs.client.write.WriteEvent;
import io.tractfs.client.write.WriteTarget;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import io.tractfs.metadata.assignment.Event;
import io.tractfs.sim.kernel.Outcome;
import io.tractfs.sim.protocol.Peers.StorePeer;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.sim.protocol.StoreService.Address;
import io.tractfs.sim.protocol.StoreService.Ensure;
import io.tractfs.sim.protocol.StoreService.Ensured;
import io.tractfs.sim.protocol.StoreService.Segment;
import io.tractfs.sim.protocol.StoreService.Write;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A writer's calls to stores; each ends in exactly one event. Not thread-safe. */
final class WriteCalls {
    private static final long CALL_NANOS = 2_000_000_000;

    private final ClientParts parts;
    private final MetadataCaller metadata;
    /** What each store acknowledged under whatever version; looked at only with the rule P10 off. */
    private final Map<Copy, Integer> acknowledged = new HashMap<>();

    private record Copy(StoreId store, TractId tract) {}

    WriteCalls(ClientParts parts, MetadataCaller metadata) {
        this.parts = parts;
        this.metadata = metadata;
    }

    void send(WriteTarget target, WriteEffect.Send send, Consumer<WriteEvent> events) {
        Packet packet = send.packet();
        Address address = address(send.address());
        Segment segment =
                new Segment(target.generation(), target.tractSize(), target.replication(), told(send.acknowledged()));
        byte[] data = parts.truth().contents(address.tract(), packet.offset(), packet.length());
        Write write = new Write(address, segment, packet.offset(), data, send.sync());
        StorePeer store = parts.peers().store(address.store().store());
        parts.network()
                .<RowVersion>call(
                        parts.process(),
                        store.process(),
                        "write " + address.tract() + " " + packet.offset() + "-" + packet.end() + " row "
                                + address.row() + " @" + address.version(),
                        CALL_NANOS,
                        answer -> store.service().write(write, answer),
                        outcome -> {
                            if (outcome instanceof Outcome.Answered<RowVersion> version) {
                                Copy copy = new Copy(address.store().store(), address.tract());
                                acknowledged.merge(copy, packet.end(), Math::max);
                                events.accept(new WriteEvent.Written(send.token(), version.value()));
                            } else if (outcome instanceof Outcome.Failed<RowVersion> failed) {
                                events.accept(refused(send, failed.error()));
                            }
                        });
    }

    void ask(WriteTarget target, WriteEffect.Ask ask, Consumer<WriteEvent> events) {
        Address address = address(ask.address());
        Integer remembered = acknowledged.get(new Copy(address.store().store(), address.tract()));
        if (parts.off().contains(Rule.ACKNOWLEDGEMENTS_UNDER_ONE_VERSION) && remembered != null && !ask.sync()) {
            parts.process()
                    .after(0, () -> events.accept(new WriteEvent.Answered(ask.token(), remembered, address.version())));
            return;
        }
        Ensure ensure = new Ensure(
                address, target.generation(), ask.from(), ask.length(), told(ask.acknowledged()), ask.sync());
        StorePeer store = parts.peers().store(address.store().store());
        parts.network()
                .<Ensured>call(
                        parts.process(),
                        store.process(),
                        "ensure " + address.tract() + " to " + ask.length() + " row " + address.row() + " @"
                                + address.version(),
                        CALL_NANOS,
                        answer -> store.service().ensure(ensure, answer),
                        outcome -> {
                            if (outcome instanceof Outcome.Answered<Ensured> held) {
                                events.accept(new WriteEvent.Answered(
                                        ask.token(),
                                        held.value().length(),
                                        held.value().version()));
                            } else if (outcome instanceof Outcome.Failed<Ensured> failed) {
                                events.accept(refused(ask, failed.error()));
                            }
                        });
    }

    private long told(long acknowledged) {
        return parts.off().contains(Rule.ACKNOWLEDGED_LENGTHS_TRAVEL) ? 0 : acknowledged;
    }

    void complain(WriteEffect.Complain complain) {
        Event.Complaint complaint = new Event.Complaint(
                complain.member(),
                List.of(complain.row()),
                complain.version(),
                complain.storeVersion(),
                isSilence(complain.code()));
        metadata.<Boolean>once(
                "complaint about " + complain.member().store().value().getLeastSignificantBits() + " row "
                        + complain.row() + " " + complain.code(),
                (server, answer) -> server.complain(complaint, answer),
                outcome -> {});
    }

    private static boolean isSilence(ErrorCode code) {
        return switch (code) {
            case CONNECT_FAILED, CONNECTION_LOST, DEADLINE_EXCEEDED, DISK_FULL, STORE_FAILED -> true;
            default -> false;
        };
    }

    private static WriteEvent refused(WriteEffect.Call call, TractException error) {
        return new WriteEvent.Refused(call.token(), error.code(), error.version(), String.valueOf(error.getMessage()));
    }

    private static Address address(WriteEffect.Address address) {
        return new Address(address.member(), address.tract(), address.row(), address.version());
    }
}
