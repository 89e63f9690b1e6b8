package io.tractfs.sim.metadata;

import io.tractfs.error.ErrorCode;
import io.tractfs.metadata.assignment.CallFailure;
import io.tractfs.metadata.assignment.Effect;
import io.tractfs.metadata.assignment.Event;
import io.tractfs.sim.kernel.Outcome;
import io.tractfs.sim.protocol.Peers.StorePeer;
import io.tractfs.sim.protocol.RowText;
import io.tractfs.sim.protocol.StoreService.Leader;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.table.TableImage;
import io.tractfs.tract.gate.ClaimsPage;
import io.tractfs.tract.gate.EmptyOrder;
import io.tractfs.tract.gate.ProposalVerdict;
import io.tractfs.tract.gate.ProposedRow;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The leader's calls to stores; each ends in exactly one event. Not thread-safe. */
final class StoreCaller {
    private static final long CALL_NANOS = 2_000_000_000;
    private static final long PROBE_NANOS = 500_000_000;

    private final MetadataNode node;
    private final Leader leader;
    private final Consumer<Event> events;

    StoreCaller(MetadataNode node, Leader leader, Consumer<Event> events) {
        this.node = node;
        this.leader = leader;
        this.events = events;
    }

    void grant(Effect.SendGrant grant, LeaderPoint point) {
        StorePeer store = node.peers().store(grant.to().store());
        node.network()
                .<ClaimsPage>call(
                        node.process(),
                        store.process(),
                        "grant " + leader.epoch() + " from row " + grant.fromRow(),
                        CALL_NANOS,
                        answer -> store.service().grant(grant.to(), point, grant.fromRow(), answer),
                        outcome -> {
                            if (outcome instanceof Outcome.Answered<ClaimsPage> page) {
                                node.process()
                                        .note("hears of " + store.process()
                                                + RowText.of(page.value().rows()) + " unclean "
                                                + page.value().unclean());
                                events.accept(new Event.GrantAnswered(
                                        grant.to(),
                                        grant.asking(),
                                        page.value().rows(),
                                        page.value().unclean(),
                                        page.value().nextRow()));
                            } else if (outcome instanceof Outcome.Failed<ClaimsPage> failed) {
                                events.accept(new Event.GrantFailed(grant.to(), grant.asking(), failure(failed)));
                            }
                        });
    }

    void propose(Effect.SendProposal proposal) {
        StoreRef to = proposal.to();
        StorePeer store = node.peers().store(to.store());
        List<ProposedRow> rows = proposal.rows().stream()
                .map(row -> new ProposedRow(row.row(), row.floor(), row.released()))
                .toList();
        node.network()
                .<List<ProposalVerdict>>call(
                        node.process(),
                        store.process(),
                        "propose"
                                + RowText.of(rows.stream().map(ProposedRow::row).toList()),
                        CALL_NANOS,
                        answer -> store.service().propose(to, leader, rows, answer),
                        outcome -> {
                            if (outcome instanceof Outcome.Answered<List<ProposalVerdict>> verdicts) {
                                events.accept(
                                        new Event.ProposalAnswered(to, proposal.message(), results(verdicts.value())));
                            } else if (outcome instanceof Outcome.Failed<List<ProposalVerdict>> failed) {
                                events.accept(new Event.SendFailed(to, proposal.message(), failure(failed)));
                            }
                        });
    }

    private List<Event.ProposalResult> results(List<ProposalVerdict> verdicts) {
        return verdicts.stream()
                .map(verdict -> new Event.ProposalResult(
                        verdict.row(),
                        verdict.accepted(),
                        verdict.version(),
                        node.believed(verdict.held()),
                        verdict.unclean()))
                .toList();
    }

    void publish(Effect.SendPublish publish) {
        StoreRef to = publish.to();
        StorePeer store = node.peers().store(to.store());
        List<EmptyOrder> empties = new ArrayList<>();
        new TreeMap<>(publish.empties()).forEach((row, version) -> empties.add(new EmptyOrder(row, version)));
        node.network()
                .<Boolean>call(
                        node.process(),
                        store.process(),
                        "publish" + RowText.of(publish.rows()) + " empty " + publish.empties(),
                        CALL_NANOS,
                        answer -> store.service().publish(to, leader, publish.rows(), empties, answer),
                        outcome -> {
                            if (outcome instanceof Outcome.Failed<Boolean> failed) {
                                events.accept(new Event.SendFailed(to, publish.message(), failure(failed)));
                            } else {
                                events.accept(new Event.PublishAnswered(to, publish.message()));
                            }
                        });
    }

    /** What the rule P15 forbids: whoever leaves a row is told to empty it while that is only planned. */
    void emptyAtOnce(Row planned, TableImage table) {
        Columns before = table.rows().get(planned.index()).columns();
        for (int column = 0; column < before.count(); column++) {
            @Nullable Member member = before.at(column);
            if (member != null && planned.columnOf(member.ref().store()) < 0) {
                StorePeer store = node.peers().store(member.ref().store());
                List<EmptyOrder> order = List.of(new EmptyOrder(planned.index(), planned.version()));
                node.network()
                        .<Boolean>call(
                                node.process(),
                                store.process(),
                                "empty row " + planned.index() + " @" + planned.version(),
                                CALL_NANOS,
                                answer -> store.service().publish(member.ref(), leader, List.of(), order, answer),
                                outcome -> {});
            }
        }
    }

    void probe(Effect.Probe probe) {
        StorePeer store = node.peers().storeOf(probe.server().host());
        node.network()
                .<List<StoreRef>>call(
                        node.process(),
                        store.process(),
                        "probe",
                        PROBE_NANOS,
                        answer -> store.service().probe(answer),
                        outcome -> {
                            if (outcome instanceof Outcome.Answered<List<StoreRef>> served) {
                                events.accept(new Event.ProbeAnswered(probe.server(), served.value()));
                            } else if (outcome instanceof Outcome.Failed<List<StoreRef>> failed) {
                                events.accept(new Event.ProbeFailed(probe.server(), failure(failed)));
                            }
                        });
    }

    private static CallFailure failure(Outcome.Failed<?> failed) {
        ErrorCode code = failed.error().code();
        return switch (code) {
            case CONNECT_FAILED -> CallFailure.REFUSED;
            case STALE_EPOCH, LINEAGE_MISMATCH -> CallFailure.FENCED;
            case UNKNOWN_STORE, STALE_INCARNATION, STORE_FAILED -> CallFailure.NOT_SERVED;
            default -> CallFailure.SILENT;
        };
    }
}
