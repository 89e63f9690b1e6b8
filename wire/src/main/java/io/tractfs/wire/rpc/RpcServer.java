package io.tractfs.wire.rpc;

import com.google.protobuf.MessageLite;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.internal.PlatformDependent;
import io.tractfs.error.ErrorCode;
import io.tractfs.id.ClusterId;
import io.tractfs.time.Clock;
import io.tractfs.wire.frame.FrameReceiver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves methods on one port. Methods are registered before it starts. Bad input ends the connection that it came from
 * and nothing else (I11). Thread-safe.
 */
public final class RpcServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);
    private static final int BACKLOG = 1024;
    private static final long CLOSE_LIMIT_S = 5;

    private final Builder settings;
    private final EventLoops loops;
    private final ServerContext context;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private volatile @Nullable Channel listener;
    private volatile boolean closed;

    private RpcServer(Builder settings, EventLoops loops) {
        this.settings = settings;
        this.loops = loops;
        this.context = new ServerContext(
                settings.config,
                settings.clock,
                new ByteBudget(budgetBytes(settings.config.maxRequestBytes())),
                Map.copyOf(settings.methods),
                settings.clusterId,
                settings.software,
                settings.acceptor);
    }

    /** What is configured, but at most half of the memory for buffers: their pool needs room between the frames. */
    private static long budgetBytes(long configured) {
        long most = PlatformDependent.maxDirectMemory() / 2;
        if (configured <= most) {
            return configured;
        }
        LOG.info(
                "event=rpc-budget-lowered configured={} bytes={} reason=\"half of the direct memory\"",
                configured,
                most);
        return most;
    }

    /** A builder of a server. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Binds the port and begins to serve.
     *
     * @return the address with the port that was bound, if 0 was asked for
     * @throws IOException if the address cannot be bound
     */
    public HostPort start() throws IOException {
        HostPort wanted = settings.bind;
        ChannelFuture bound = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverSocketType())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOCATOR, loops.allocator())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, watermarks())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getByName(wanted.host()), wanted.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + wanted + ": " + bound.cause().getMessage(), bound.cause());
        }
        listener = bound.channel();
        HostPort address =
                new HostPort(wanted.host(), ((InetSocketAddress) bound.channel().localAddress()).getPort());
        LOG.info("event=rpc-listening address={}", address);
        return address;
    }

    static WriteBufferWaterMark watermarks() {
        return new WriteBufferWaterMark(256 * 1024, 1024 * 1024);
    }

    private void accept(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
            // It was reset before it was accepted.
            channel.close();
            return;
        }
        if (closed || connections.size() >= settings.config.maxConnections()) {
            LOG.warn("event=rpc-connection-refused remote={} connections={}", remote, connections.size());
            channel.close();
            return;
        }
        connections.add(channel);
        ServerConnection connection = new ServerConnection(context, channel, remote);
        channel.config().setOption(ChannelOption.RECVBUF_ALLOCATOR, new FrameReceiver(connection.decoder()));
        channel.pipeline().addLast(connection.decoder(), connection);
    }

    /** Bytes of requests now in memory. */
    public long requestBytes() {
        return context.budget().usedBytes();
    }

    /** Number of connections now open. */
    public int connectionCount() {
        return connections.size();
    }

    /** Stops listening, says goodbye to every client and closes; replies that come later go nowhere. */
    @Override
    public void close() {
        closed = true;
        Channel port = listener;
        if (port != null) {
            port.close().awaitUninterruptibly(CLOSE_LIMIT_S, TimeUnit.SECONDS);
        }
        for (Channel channel : connections) {
            channel.eventLoop()
                    .execute(() -> FrameWriter.goodbye(channel, ErrorCode.SHUTTING_DOWN, "the server is stopping"));
        }
        connections.newCloseFuture().awaitUninterruptibly(CLOSE_LIMIT_S, TimeUnit.SECONDS);
        connections.close().awaitUninterruptibly(CLOSE_LIMIT_S, TimeUnit.SECONDS);
    }

    /** Collects what a server needs. Not thread-safe. */
    public static final class Builder {
        private final Map<Integer, Registration<?, ?>> methods = new HashMap<>();
        private HostPort bind = new HostPort("localhost", 0);
        private RpcServerConfig config = RpcServerConfig.defaults();
        private Clock clock = Clock.SYSTEM;
        private Supplier<Optional<ClusterId>> clusterId = Optional::empty;
        private HelloAcceptor acceptor = HelloAcceptor.NO_PROXIES;
        private String software = "tractfs";
        private @Nullable EventLoops loops;

        private Builder() {}

        /** Where to listen; port 0 takes a free one. */
        public Builder bind(HostPort address) {
            bind = address;
            return this;
        }

        /** The I/O threads; the caller closes them after the server. Required. */
        public Builder loops(EventLoops eventLoops) {
            loops = eventLoops;
            return this;
        }

        /** The limits. */
        public Builder config(RpcServerConfig limits) {
            config = limits;
            return this;
        }

        /** The clock for deadlines. */
        public Builder clock(Clock monotonic) {
            clock = monotonic;
            return this;
        }

        /** The cluster of this server, asked at each hello; empty while it belongs to none. */
        public Builder clusterId(Supplier<Optional<ClusterId>> supplier) {
            clusterId = supplier;
            return this;
        }

        /** Name and version of this software, for the peer's logs. */
        public Builder software(String nameAndVersion) {
            software = nameAndVersion;
            return this;
        }

        /** Who may connect; by default everybody who acts as himself. */
        public Builder helloAcceptor(HelloAcceptor helloAcceptor) {
            acceptor = helloAcceptor;
            return this;
        }

        /** Serves a method; each number once. */
        public <Q extends MessageLite, R extends MessageLite> Builder on(
                Method<Q, R> method, RequestHandler<Q, R> handler) {
            if (methods.putIfAbsent(method.number(), new Registration<>(method, handler)) != null) {
                throw new IllegalArgumentException("method " + method + " is registered already");
            }
            return this;
        }

        /** The server, not yet started. */
        public RpcServer build() {
            if (loops == null) {
                throw new IllegalStateException("an RPC server needs event loops");
            }
            return new RpcServer(this, loops);
        }
    }
}
