package io.tractfs.sim.client;

import io.tractfs.client.retry.RetryPolicy;
import io.tractfs.error.ErrorCode;
import io.tractfs.sim.kernel.Outcome;
import io.tractfs.sim.kernel.Responder;
import io.tractfs.sim.protocol.MetadataService;
import io.tractfs.sim.protocol.Peers.MetadataPeer;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Calls the leader, wherever it is. Not thread-safe. */
final class MetadataCaller {
    private static final long CALL_NANOS = 1_500_000_000;
    private static final long PAUSE_NANOS = 30_000_000;

    private final ClientParts parts;
    private int candidate;

    MetadataCaller(ClientParts parts) {
        this.parts = parts;
    }

    /** Calls until somebody answers, or refuses with what no other attempt would change. */
    <R> void until(
            String what,
            BiConsumer<MetadataService, Responder<R>> request,
            Consumer<R> then,
            Consumer<ErrorCode> refused) {
        this.<R>once(what, request, outcome -> {
            if (outcome instanceof Outcome.Answered<R> answered) {
                then.accept(answered.value());
            } else if (outcome instanceof Outcome.Failed<R> failed
                    && RetryPolicy.decide(failed.error().code()) == RetryPolicy.Decision.FAIL) {
                refused.accept(failed.error().code());
            } else {
                long pause = PAUSE_NANOS + parts.random().nextInt(100_000_000);
                parts.process().after(pause, () -> until(what, request, then, refused));
            }
        });
    }

    /** Calls once; after a failure the next call goes to the next server. */
    <R> void once(String what, BiConsumer<MetadataService, Responder<R>> request, Consumer<Outcome<R>> then) {
        List<MetadataPeer> servers = parts.peers().metadata();
        MetadataPeer server = servers.get(candidate % servers.size());
        parts.network()
                .<R>call(
                        parts.process(),
                        server.process(),
                        what,
                        CALL_NANOS,
                        answer -> request.accept(server.service(), answer),
                        outcome -> {
                            if (outcome instanceof Outcome.Failed<R>) {
                                candidate++;
                            }
                            then.accept(outcome);
                        });
    }
}
