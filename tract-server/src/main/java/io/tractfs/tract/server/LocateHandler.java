package io.tractfs.tract.server;

import io.tractfs.error.TractException;
import io.tractfs.tract.gate.Admission;
import io.tractfs.tract.gate.Need;
import io.tractfs.tract.store.TractLocation;
import io.tractfs.wire.proto.LocateTractRequest;
import io.tractfs.wire.proto.LocateTractResponse;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcServer;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;

/**
 * Tells programs on this host where a tract's file is, so that they read it by themselves. Whether they may is for the
 * operating system to say; other hosts are told nothing. Thread-safe.
 */
final class LocateHandler {
    private static final LocateTractResponse NOWHERE = LocateTractResponse.getDefaultInstance();

    private final Stores stores;
    private final Layout layout;
    private final Calls calls;

    LocateHandler(Stores stores, Layout layout, Calls calls) {
        this.stores = stores;
        this.layout = layout;
        this.calls = calls;
    }

    /** Registers the method. */
    void register(RpcServer.Builder server) {
        server.on(
                Methods.LOCATE_TRACT,
                exchange -> calls.serve(exchange, run -> {
                    TractTarget target = TractTarget.ofClosed(exchange.message().getAddress(), stores, layout);
                    run.on(target.store().threads().readers(), () -> locate(exchange, target));
                }));
    }

    private static void locate(Exchange<LocateTractRequest, LocateTractResponse> exchange, TractTarget target)
            throws TractException {
        Admission admission = target.admit(Need.CLOSED_READ, 0);
        try {
            Optional<TractLocation> location =
                    isHere(exchange.caller().remoteAddress().getAddress())
                            ? target.store().tracts().locate(target.tract())
                            : Optional.empty();
            exchange.reply(location.map(LocateHandler::encode).orElse(NOWHERE));
        } finally {
            admission.close();
        }
    }

    /** Whether an address belongs to this host. */
    private static boolean isHere(InetAddress caller) {
        try {
            return caller.isLoopbackAddress() || NetworkInterface.getByInetAddress(caller) != null;
        } catch (SocketException e) {
            // Not known to be here: reading through the store is right in any case.
            return false;
        }
    }

    private static LocateTractResponse encode(TractLocation location) {
        return LocateTractResponse.newBuilder()
                .setPath(location.file().toString())
                .setDataPosition(location.dataPosition())
                .setChecksumsPosition(location.checksumsPosition())
                .setLength(location.length())
                .setTailChecksum(location.tailChecksum())
                .build();
    }
}
