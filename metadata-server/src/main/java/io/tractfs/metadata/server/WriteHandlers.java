package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.CallName;
import io.tractfs.metadata.namespace.FileCommand;
import io.tractfs.metadata.namespace.FileStatusCodec;
import io.tractfs.metadata.namespace.RequestCodec;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.permission.Requester;
import io.tractfs.wire.auth.Caller;
import io.tractfs.wire.proto.BoolResponse;
import io.tractfs.wire.proto.EmptyResponse;
import io.tractfs.wire.proto.OpenForWriteResponse;
import io.tractfs.wire.proto.StatusResponse;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RequestHandler;
import io.tractfs.wire.rpc.RpcServer;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mutating calls: decode, submit to the log, encode what applying gave. Nothing blocks. Thread-safe. */
final class WriteHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(WriteHandlers.class);

    private final NamespaceServices services;
    private final SafeMode safeMode;

    /** Handlers over the services. */
    WriteHandlers(NamespaceServices services, SafeMode safeMode) {
        this.services = services;
        this.safeMode = safeMode;
    }

    /** Registers the methods. */
    void register(RpcServer.Builder builder) {
        builder.on(Methods.CREATE, handler(RequestCodec::decode, this::opened));
        builder.on(Methods.APPEND, handler(RequestCodec::decode, this::opened));
        builder.on(Methods.ADD_SEGMENT, handler(RequestCodec::decode, this::opened));
        builder.on(Methods.COMPLETE, shrinking(RequestCodec::decode, WriteHandlers::status));
        builder.on(Methods.ABANDON, shrinking(RequestCodec::decode, WriteHandlers::done));
        builder.on(Methods.RENAME, handler(RequestCodec::decode, this::answer));
        builder.on(Methods.DELETE, shrinking(RequestCodec::decode, this::answer));
        builder.on(Methods.MKDIRS, handler(RequestCodec::decode, this::answer));
        builder.on(Methods.SET_PERMISSION, handler(RequestCodec::decode, WriteHandlers::done));
        builder.on(Methods.SET_OWNER, handler(RequestCodec::decode, WriteHandlers::done));
        builder.on(Methods.SET_TIMES, handler(RequestCodec::decode, WriteHandlers::done));
        builder.on(Methods.SET_REPLICATION, handler(RequestCodec::decode, this::answer));
        builder.on(Methods.TRUNCATE, handler(RequestCodec::decode, this::answer));
        builder.on(Methods.CONCAT, handler(RequestCodec::decode, WriteHandlers::done));
        builder.on(Methods.RECOVER_LEASE, shrinking(RequestCodec::decode, this::answer));
    }

    /** Turns a result into a reply; fails with what the caller is to get instead. */
    @FunctionalInterface
    private interface Encoder<R> {
        R encode(Result result, Caller caller) throws TractException;
    }

    private <Q, R> RequestHandler<Q, R> handler(Function<Q, FileCommand> decoder, Encoder<R> encoder) {
        return handler(decoder, encoder, services.gate()::refusal);
    }

    private <Q, R> RequestHandler<Q, R> shrinking(Function<Q, FileCommand> decoder, Encoder<R> encoder) {
        return handler(decoder, encoder, services.gate()::refusalToShrink);
    }

    private <Q, R> RequestHandler<Q, R> handler(
            Function<Q, FileCommand> decoder, Encoder<R> encoder, Supplier<Optional<TractException>> gate) {
        return exchange -> {
            exchange.body().release();
            FileCommand command = decoder.apply(exchange.message());
            Optional<TractException> refusal = gate.get().or(() -> safeMode.refusal(nameOf(command)));
            if (refusal.isPresent()) {
                exchange.fail(refusal.get());
                return;
            }
            CallAudit.Watch watch = services.audit().watch(exchange.caller(), command);
            services.requesters()
                    .resolve(exchange.caller())
                    .thenCompose(requester ->
                            services.log().submit(call(exchange.caller(), requester, command, watch), exchange.later()))
                    .whenComplete((result, error) -> {
                        if (error == null) {
                            watch.ended(result);
                        }
                        finish(exchange, encoder, result, error);
                    });
        };
    }

    private static String nameOf(FileCommand command) {
        return command.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static Call call(Caller caller, Requester requester, FileCommand command, Call.Watcher watcher) {
        CallName name = caller.hasClient() ? new CallName(caller.clientId(), caller.callId()) : CallName.NONE;
        return new Call(requester, name, command, watcher);
    }

    private static <Q, R> void finish(Exchange<Q, R> exchange, Encoder<R> encoder, Result result, Throwable error) {
        if (error != null) {
            exchange.fail(failure(error));
            return;
        }
        R reply;
        try {
            reply = encoder.encode(result, exchange.caller());
        } catch (TractException e) {
            exchange.fail(e);
            return;
        }
        exchange.reply(reply);
    }

    /** What a caller is told of a failure on the way. */
    static TractException failure(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof TractException known) {
            return known;
        }
        LOG.error("event=call-failed", cause);
        return new TractException(ErrorCode.INTERNAL, "The call failed: " + cause, cause);
    }

    private OpenForWriteResponse opened(Result result, Caller caller) throws TractException {
        if (result instanceof Result.Opened opened) {
            services.leases().renew(caller.clientId(), services.clock().nanoTime());
            return OpenForWriteResponse.newBuilder()
                    .setStatus(FileStatusCodec.encode(opened.status()))
                    .build();
        }
        throw held(result);
    }

    private static StatusResponse status(Result result, Caller caller) throws TractException {
        if (result instanceof Result.Status status) {
            return StatusResponse.newBuilder()
                    .setStatus(FileStatusCodec.encode(status.status()))
                    .build();
        }
        throw refusal(result);
    }

    private static EmptyResponse done(Result result, Caller caller) throws TractException {
        if (result instanceof Result.Done) {
            return EmptyResponse.getDefaultInstance();
        }
        throw refusal(result);
    }

    private BoolResponse answer(Result result, Caller caller) throws TractException {
        if (result instanceof Result.Answer answer) {
            services.sweeper().kick();
            return BoolResponse.newBuilder().setValue(answer.value()).build();
        } else if (result instanceof Result.Recovering recovering) {
            services.monitor().start(recovering);
            return BoolResponse.getDefaultInstance();
        }
        throw held(result);
    }

    private TractException held(Result result) {
        return result instanceof Result.Held held ? services.monitor().conflict(held) : refusal(result);
    }

    private static TractException refusal(Result result) {
        if (result instanceof Result.Refused refused) {
            return new TractException(refused.code(), refused.message());
        }
        return new TractException(ErrorCode.INTERNAL, "Unexpected result " + result);
    }
}
