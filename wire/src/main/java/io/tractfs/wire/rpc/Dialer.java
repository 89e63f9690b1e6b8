package io.tractfs.wire.rpc;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.util.NetUtil;
import io.tractfs.error.ErrorCode;
import io.tractfs.time.Clock;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.frame.FrameAdmission;
import io.tractfs.wire.frame.FrameDecoder;
import io.tractfs.wire.frame.FrameLimits;
import io.tractfs.wire.frame.FrameReceiver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections: looks the host up anew each time, off the event loops, and tries its addresses in turn.
 * Thread-safe.
 */
final class Dialer {
    private final RpcClientConfig config;
    private final Identity identity;
    private final EventLoops loops;
    private final Clock clock;
    private final Executor lookups;

    Dialer(RpcClientConfig config, Identity identity, EventLoops loops, Clock clock, Executor lookups) {
        this.config = config;
        this.identity = identity;
        this.loops = loops;
        this.clock = clock;
        this.lookups = lookups;
    }

    /** A connection that is not yet dialled. */
    ClientConnection create(HostPort address) {
        return new ClientConnection(address, config, loops, loops.next(), clock);
    }

    /** Begins to dial; the connection is told how it ends. Returns at once. */
    void dial(ClientConnection connection) {
        HostPort address = connection.address();
        byte @Nullable [] literal = NetUtil.createByteArrayFromIpAddressString(address.host());
        try {
            if (literal != null) {
                connect(connection, new InetAddress[] {InetAddress.getByAddress(address.host(), literal)}, 0);
            } else {
                lookups.execute(() -> lookUp(connection));
            }
        } catch (UnknownHostException | RejectedExecutionException e) {
            fail(connection, "too many host names are being looked up", e);
        }
    }

    private void lookUp(ClientConnection connection) {
        try {
            connect(connection, InetAddress.getAllByName(connection.address().host()), 0);
        } catch (UnknownHostException e) {
            fail(connection, "the host is not known", e);
        }
    }

    private void connect(ClientConnection connection, InetAddress[] hosts, int index) {
        InetSocketAddress socket =
                new InetSocketAddress(hosts[index], connection.address().port());
        new Bootstrap()
                .group(connection.loop())
                .channel(loops.socketType())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) config.connectTimeoutMs())
                .option(ChannelOption.ALLOCATOR, loops.allocator())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, RpcServer.watermarks())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        initialize(channel, connection);
                    }
                })
                .connect(socket)
                .addListener(done -> {
                    if (done.isSuccess()) {
                        return;
                    }
                    if (index + 1 < hosts.length) {
                        connect(connection, hosts, index + 1);
                    } else {
                        fail(
                                connection,
                                "cannot connect to " + socket + ": "
                                        + done.cause().getMessage(),
                                done.cause());
                    }
                });
    }

    private void initialize(Channel channel, ClientConnection connection) {
        FrameDecoder decoder = new FrameDecoder(FrameLimits.BEFORE_HELLO, clock, FrameAdmission.ALWAYS);
        channel.config().setOption(ChannelOption.RECVBUF_ALLOCATOR, new FrameReceiver(decoder));
        channel.pipeline()
                .addLast(decoder, new ClientHandler(connection, decoder, identity, config.connectTimeoutMs()));
    }

    private static void fail(ClientConnection connection, String reason, Throwable cause) {
        Runnable failing = () -> connection.closed(ErrorCode.CONNECT_FAILED, reason, cause);
        if (connection.loop().inEventLoop()) {
            failing.run();
        } else if (!connection.loop().isShutdown()) {
            connection.loop().execute(failing);
        }
    }
}
