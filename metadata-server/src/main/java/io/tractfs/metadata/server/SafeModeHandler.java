package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.permission.Requester;
import io.tractfs.wire.proto.BoolResponse;
import io.tractfs.wire.proto.SafeModeAction;
import io.tractfs.wire.proto.SetSafeModeRequest;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcServer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells whether the namespace takes changes; superusers may enter and leave safe mode. Thread-safe. */
final class SafeModeHandler {
    private static final Logger LOG = LoggerFactory.getLogger(SafeModeHandler.class);

    private final NamespaceServices services;
    private final SafeMode safeMode;

    SafeModeHandler(NamespaceServices services, SafeMode safeMode) {
        this.services = services;
        this.safeMode = safeMode;
    }

    /** Registers the method. */
    void register(RpcServer.Builder builder) {
        builder.on(Methods.SET_SAFE_MODE, exchange -> {
            exchange.body().release();
            services.requesters().resolve(exchange.caller()).whenComplete((requester, error) -> {
                if (error == null) {
                    answer(exchange, requester);
                } else {
                    exchange.fail(WriteHandlers.failure(error));
                }
            });
        });
    }

    private void answer(Exchange<SetSafeModeRequest, BoolResponse> exchange, Requester requester) {
        Optional<TractException> refusal = services.gate().refusal();
        boolean readOnly = refusal.isPresent() && refusal.get().code() == ErrorCode.READ_ONLY;
        if (refusal.isPresent() && !readOnly) {
            exchange.fail(refusal.get());
            return;
        }
        SafeModeAction action = exchange.message().getAction();
        if (action != SafeModeAction.SAFE_MODE_GET && !requester.superuser()) {
            exchange.fail(new TractException(
                    ErrorCode.PERMISSION_DENIED,
                    "Access denied for user " + requester.user() + ". Superuser privilege is required"));
            return;
        }
        switch (action) {
            case SAFE_MODE_ENTER -> change(true, requester);
            case SAFE_MODE_LEAVE -> change(false, requester);
            case SAFE_MODE_GET -> {}
            case UNRECOGNIZED -> {
                exchange.fail(new TractException(ErrorCode.MALFORMED, "unknown action of safe mode"));
                return;
            }
        }
        exchange.reply(
                BoolResponse.newBuilder().setValue(readOnly || safeMode.isOn()).build());
    }

    private void change(boolean wanted, Requester requester) {
        if (safeMode.isOn() != wanted) {
            safeMode.set(wanted);
            LOG.info("event=safe-mode on={} user={}", wanted, requester.user());
        }
    }
}
