package io.tractfs.sim.store;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.sim.kernel.Outcome;
import io.tractfs.sim.kernel.Responder;
import io.tractfs.sim.protocol.MetadataService;
import io.tractfs.sim.protocol.Peers.MetadataPeer;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.tract.server.GarbageAudit;
import io.tractfs.tract.server.GarbageFollower;
import io.tractfs.tract.server.GarbageLog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Follows the garbage log as the tract server's upkeep does (P32). The follower asks one question after the other and waits;
 * here each question ends its turn, goes over the network, and the next turn finds the answer. Not thread-safe.
 */
final class GarbageDriver {
    private static final long PAUSE_NANOS = 250_000_000;
    private static final long DELAY_NANOS = 1_000_000_000;
    private static final long CALL_NANOS = 1_000_000_000;
    private static final int PAGE = 5;

    private final StoreParts parts;
    private final GarbageFollower follower;
    private final GarbageAudit audit;
    private final MetadataLink leader;
    private final Map<Long, GarbageLog.Page> pages = new HashMap<>();
    private final Map<BlobId, Boolean> alive = new HashMap<>();
    private Optional<Runnable> question = Optional.empty();

    GarbageDriver(StoreParts parts, GarbageFollower follower, GarbageAudit audit, MetadataLink leader) {
        this.audit = audit;
        this.parts = parts;
        this.follower = follower;
        this.leader = leader;
    }

    void start() {
        parts.process().after(PAUSE_NANOS, this::turn);
    }

    private void turn() {
        question = Optional.empty();
        Optional<MetadataPeer> server = leader.leader();
        if (server.isPresent()) {
            try {
                tend(server.get());
            } catch (TractException e) {
                parts.process().note("garbage: " + e.getMessage());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        if (question.isPresent()) {
            question.get().run();
        } else {
            pages.clear();
            alive.clear();
            start();
        }
    }

    private void tend(MetadataPeer server) throws TractException, InterruptedException {
        GarbageLog log = new Asked(server);
        boolean mayRemove = parts.time().nowNanos() - leader.registeredNanos() >= DELAY_NANOS;
        if (follower.mustAsk()) {
            follower.ask(log, mayRemove);
        }
        if (mayRemove) {
            follower.follow(log, leader.garbageHead());
            audit.step(log, parts.process().clock().monotonicMs());
        }
    }

    /** The log as far as it has answered. Not thread-safe. */
    private final class Asked implements GarbageLog {
        private final MetadataPeer server;

        Asked(MetadataPeer server) {
            this.server = server;
        }

        @Override
        public Page page(long after) throws TractException {
            Page known = pages.remove(after);
            if (known != null) {
                return known;
            }
            throw asking(
                    "garbage after " + after,
                    (service, answer) -> service.garbage(after, PAGE, answer),
                    (Page page) -> pages.put(after, page));
        }

        @Override
        public List<BlobId> unknown(List<BlobId> blobs) throws TractException {
            if (parts.off().contains(Rule.RETURNED_STORES_ASK)) {
                return List.of();
            }
            if (alive.keySet().containsAll(blobs)) {
                return blobs.stream()
                        .filter(blob -> !alive.getOrDefault(blob, true))
                        .toList();
            }
            throw asking(
                    "which are alive of " + blobs,
                    (service, answer) -> service.alive(blobs, answer),
                    (Map<BlobId, Boolean> answers) -> alive.putAll(answers));
        }

        @Override
        public List<BlobId> wanted(List<BlobId> trashed) {
            return List.of();
        }

        @Override
        public Map<BlobId, End> ends(List<BlobId> blobs) {
            throw new UnsupportedOperationException("no simulated operator repairs what is behind the ends of files");
        }

        private <R> TractException asking(
                String what, BiConsumer<MetadataService, Responder<R>> request, Consumer<R> then) {
            question = Optional.of(() -> parts.network()
                    .<R>call(
                            parts.process(),
                            server.process(),
                            what,
                            CALL_NANOS,
                            answer -> request.accept(server.service(), answer),
                            outcome -> {
                                if (outcome instanceof Outcome.Answered<R> answered) {
                                    then.accept(answered.value());
                                    turn();
                                } else {
                                    start();
                                }
                            }));
            return new TractException(ErrorCode.BUSY, "asks for " + what);
        }
    }
}
