package io.tractfs.client;

import com.google.protobuf.MessageLite;
import io.netty.buffer.Unpooled;
import io.tractfs.client.InMemoryServers.Answer;
import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.EventLoops;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Method;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The servers in memory behind sockets on loopback, each on a port of its own. Thread-safe. */
final class LoopbackServers implements AutoCloseable {
    final InMemoryMetadata metadata = new InMemoryMetadata();
    final HostPort metadataAddress;
    private final EventLoops loops = new EventLoops("test-server", 1);
    private final List<RpcServer> servers = new ArrayList<>();
    private final List<HostPort> stores = new ArrayList<>();

    /** What one server does with a request. */
    private interface Handler {
        Answer handle(Exchange<?, ?> exchange) throws TractException;
    }

    LoopbackServers() throws IOException {
        for (InMemoryStore store : metadata.stores) {
            stores.add(start(
                    List.of(Methods.WRITE_TRACT, Methods.ENSURE_TRACT, Methods.READ_TRACT, Methods.TAIL),
                    exchange -> store.handle((MessageLite) exchange.message(), exchange.body())));
        }
        metadata.addresses = stores::get;
        metadataAddress = start(
                List.of(
                        Methods.OPEN_SESSION,
                        Methods.RENEW_LEASE,
                        Methods.GET_TABLE,
                        Methods.COMPLAIN,
                        Methods.CREATE,
                        Methods.APPEND,
                        Methods.COMPLETE,
                        Methods.GET_STATUS),
                exchange -> Answer.of(metadata.handle(
                        (MessageLite) exchange.message(),
                        CallOptions.of(
                                exchange.caller().clientId(), exchange.caller().callId(), 1))));
    }

    private HostPort start(List<Method<?, ?>> methods, Handler handler) throws IOException {
        ClusterId cluster = new ClusterId(new UUID(1, 1));
        RpcServer.Builder builder = RpcServer.builder()
                .bind(new HostPort("localhost", 0))
                .clusterId(() -> Optional.of(cluster))
                .loops(loops);
        for (Method<?, ?> method : methods) {
            register(builder, method, handler);
        }
        RpcServer server = builder.build();
        HostPort address = server.start();
        servers.add(server);
        return address;
    }

    private <Q extends MessageLite, R extends MessageLite> void register(
            RpcServer.Builder builder, Method<Q, R> method, Handler handler) {
        builder.on(method, exchange -> {
            try {
                Answer answer;
                synchronized (metadata) {
                    answer = handler.handle(exchange);
                }
                @SuppressWarnings("unchecked") // A method's handler answers with the method's response.
                R response = (R) answer.message();
                exchange.reply(response, Body.of(Unpooled.wrappedBuffer(answer.body())));
            } catch (TractException e) {
                exchange.fail(e);
            } finally {
                exchange.body().release();
            }
        });
    }

    /** Ends a store's server. */
    void kill(int store) {
        servers.get(store).close();
    }

    @Override
    public void close() {
        servers.forEach(RpcServer::close);
        loops.close();
    }
}
