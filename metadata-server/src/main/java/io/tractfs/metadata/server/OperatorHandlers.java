package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.assignment.ClusterView;
import io.tractfs.metadata.assignment.Event;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.ClusterCommand.StoreMark;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.wire.auth.Caller;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.proto.AllowDeletesRequest;
import io.tractfs.wire.proto.AllowDeletesResponse;
import io.tractfs.wire.proto.DrainRequest;
import io.tractfs.wire.proto.DrainResponse;
import io.tractfs.wire.proto.GiveUpRequest;
import io.tractfs.wire.proto.GiveUpResponse;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcServer;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator says of stores: that one is to be emptied, or will not come back. The word goes into the register first, so
 * that every later leader knows of it, then to the assignment; it is in the audit log. Thread-safe.
 */
final class OperatorHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorHandlers.class);
    private static final Set<String> GONE = Set.of("DEAD", "FAILED");

    private final ServerParts parts;
    private final Requesters requesters;
    private final CallAudit audit;

    OperatorHandlers(ServerParts parts, Requesters requesters, CallAudit audit) {
        this.parts = parts;
        this.requesters = requesters;
        this.audit = audit;
    }

    /** Registers the methods. */
    void register(RpcServer.Builder builder) {
        builder.on(Methods.GIVE_UP, this::giveUp);
        builder.on(Methods.DRAIN, this::drain);
        builder.on(Methods.ALLOW_DELETES, this::allowDeletes);
    }

    /** A word on a store; the event follows the command into the log. Immutable. */
    private record Word(StoreId store, StoreMark mark, String command, Event event) {}

    private void giveUp(Exchange<GiveUpRequest, GiveUpResponse> exchange) {
        exchange.body().release();
        try {
            StoreId store = IdCodec.store(exchange.message().getStore());
            Word word = new Word(store, StoreMark.GIVE_UP, "giveUpStore", new Event.StoreGivenUp(store));
            check(exchange, word, state -> GONE.contains(state), GiveUpResponse.getDefaultInstance());
        } catch (TractException e) {
            exchange.fail(e);
        }
    }

    private void drain(Exchange<DrainRequest, DrainResponse> exchange) {
        exchange.body().release();
        try {
            StoreId store = IdCodec.store(exchange.message().getStore());
            boolean cancel = exchange.message().getCancel();
            Word word = new Word(
                    store,
                    cancel ? StoreMark.KEEP : StoreMark.DRAIN,
                    cancel ? "cancelDrainStore" : "drainStore",
                    new Event.StoreDrained(store, !cancel));
            check(exchange, word, state -> true, DrainResponse.getDefaultInstance());
        } catch (TractException e) {
            exchange.fail(e);
        }
    }

    private void allowDeletes(Exchange<AllowDeletesRequest, AllowDeletesResponse> exchange) {
        exchange.body().release();
        asSuperuser(exchange, "allowDeletes", "/", () -> {
            boolean held = parts.records().areDeletesHeld();
            parts.log().submit(Call.ofSystem(new ClusterCommand.AllowDeletes())).whenComplete((result, error) -> {
                if (error != null) {
                    exchange.fail(WriteHandlers.failure(error));
                    return;
                }
                LOG.warn(
                        "event=deletes-allowed held={} by={}",
                        held,
                        exchange.caller().effectiveUser());
                audit.operator(exchange.caller(), "allowDeletes", "/", true);
                exchange.reply(AllowDeletesResponse.newBuilder().setHeld(held).build());
            });
        });
    }

    private <R> void check(Exchange<?, R> exchange, Word word, Predicate<String> allowed, R answer) {
        asSuperuser(
                exchange,
                word.command(),
                word.store().toString(),
                () -> parts.loop().ask(core -> core.view(false, 0)).whenComplete((view, failure) -> {
                    if (failure != null) {
                        exchange.fail(WriteHandlers.failure(failure));
                    } else {
                        decide(exchange, word, view, allowed, answer);
                    }
                }));
    }

    /** Does it for a superuser, while changes are taken. */
    private void asSuperuser(Exchange<?, ?> exchange, String command, String subject, Runnable work) {
        Optional<TractException> refusal = parts.gate().refusal();
        if (refusal.isPresent()) {
            exchange.fail(refusal.get());
            return;
        }
        Caller caller = exchange.caller();
        requesters.resolve(caller).whenComplete((requester, error) -> {
            if (error != null) {
                exchange.fail(WriteHandlers.failure(error));
            } else if (!requester.superuser()) {
                audit.operator(caller, command, subject, false);
                exchange.fail(new TractException(
                        ErrorCode.PERMISSION_DENIED,
                        "Access denied for user " + requester.user() + ". Superuser privilege is required to "
                                + command));
            } else {
                work.run();
            }
        });
    }

    private <R> void decide(Exchange<?, R> exchange, Word word, ClusterView view, Predicate<String> allowed, R answer) {
        Optional<ClusterView.StoreView> known = view.stores().stream()
                .filter(entry -> entry.ref().store().equals(word.store()))
                .findFirst();
        if (known.isEmpty()) {
            exchange.fail(new TractException(ErrorCode.NOT_FOUND, "There is no store " + word.store()));
        } else if (!allowed.test(known.get().state())) {
            exchange.fail(new TractException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Store " + word.store() + " is " + known.get().state()
                            + "; only one that is DEAD or FAILED can be given up"));
        } else {
            commit(exchange, word, answer);
        }
    }

    private <R> void commit(Exchange<?, R> exchange, Word word, R answer) {
        parts.log()
                .submit(Call.ofSystem(new ClusterCommand.MarkStore(word.store(), word.mark())))
                .whenComplete((result, error) -> {
                    if (error != null) {
                        exchange.fail(WriteHandlers.failure(error));
                    } else if (result instanceof Result.Refused refused) {
                        exchange.fail(new TractException(refused.code(), refused.message()));
                    } else if (!parts.loop().offer(word.event())) {
                        exchange.fail(new TractException(
                                ErrorCode.BUSY, "The word is logged, but the assignment loop is busy; say it again"));
                    } else {
                        LOG.warn(
                                "event=store-marked mark={} store={} by={} real-user={} from={}",
                                word.mark(),
                                word.store(),
                                exchange.caller().effectiveUser(),
                                exchange.caller().realUser(),
                                exchange.caller().remoteAddress());
                        audit.operator(
                                exchange.caller(), word.command(), word.store().toString(), true);
                        exchange.reply(answer);
                    }
                });
    }
}
