package io.tractfs.metadata.raft;

import java.util.concurrent.TimeUnit;
import org.apache.ratis.thirdparty.io.grpc.netty.GrpcHttp2ConnectionHandler;
import org.apache.ratis.thirdparty.io.grpc.netty.InternalProtocolNegotiator;
import org.apache.ratis.thirdparty.io.grpc.netty.InternalProtocolNegotiators;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelHandler;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelHandlerContext;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelInboundHandlerAdapter;
import org.apache.ratis.thirdparty.io.netty.util.AsciiString;

/**
 * Bounds on what arrives at the port of the log's peers, where Ratis itself has none: it is put before gRPC's own handlers
 * of each connection. Thread-safe.
 */
final class RaftPortGuard implements InternalProtocolNegotiator.ProtocolNegotiator {
    /** Peers have fewer than ten calls at a time, most of them streams. */
    private static final int MOST_CALLS = 64;

    private static final int MOST_HEADER_BYTES = 8 << 10;
    private static final int PINGS_PER_IDLE_TIME = 4;

    private final RaftPortLimits limits;
    private final InternalProtocolNegotiator.ProtocolNegotiator plain = InternalProtocolNegotiators.serverPlaintext();
    private final RaftPortPlaces places;

    RaftPortGuard(RaftPortLimits limits) {
        this.limits = limits;
        this.places = new RaftPortPlaces(limits.connections());
    }

    /** Puts the bounds on a server that is about to be built. */
    NettyServerBuilder guard(NettyServerBuilder server) {
        // Who does not answer pings has no connection: a call that was begun and never ended holds none.
        long pingMs = Math.max(1, limits.idleMs() / PINGS_PER_IDLE_TIME);
        return server.protocolNegotiator(this)
                .maxInboundMetadataSize(MOST_HEADER_BYTES)
                .maxConcurrentCallsPerConnection(MOST_CALLS)
                .maxConnectionIdle(limits.idleMs(), TimeUnit.MILLISECONDS)
                .keepAliveTime(pingMs, TimeUnit.MILLISECONDS)
                .keepAliveTimeout(pingMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public AsciiString scheme() {
        return plain.scheme();
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler http) {
        ChannelHandler next = plain.newHandler(http);
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void handlerAdded(ChannelHandlerContext context) {
                context.pipeline().addFirst(new RaftConnection(limits, places));
                context.pipeline().replace(this, null, next);
            }
        };
    }

    @Override
    public void close() {
        plain.close();
    }
}
