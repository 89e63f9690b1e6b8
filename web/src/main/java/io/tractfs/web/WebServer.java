package io.tractfs.web;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tractfs.wire.rpc.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages of plain text for machines and people, and {@code /} that lists them. One request for each connection, which is
 * closed after a fixed time whatever its peer does; connections, bytes of a request and pages in the making are bounded,
 * so that it never takes much from its server (I11). Pages are added before it starts. Thread-safe after that.
 */
public final class WebServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
    private static final int MAX_CONNECTIONS = 4096;
    private static final int MAX_QUEUED = 64;
    private static final int MAKERS = 2;
    private static final int MAX_LINE_BYTES = 4096;
    private static final int MAX_HEADER_BYTES = 8192;
    private static final long CONNECTION_LIMIT_S = 15;
    private static final long CLOSE_LIMIT_S = 5;

    private final HostPort bind;
    private final Map<String, Supplier<Page>> pages = new TreeMap<>();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final EventLoopGroup loop;
    private final ThreadPoolExecutor makers;
    private @Nullable Channel listener;

    /**
     * A server that does not listen yet.
     *
     * @param bind where to listen; port 0 takes a free one
     * @param owner first part of its threads' names
     */
    public WebServer(HostPort bind, String owner) {
        this.bind = bind;
        loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory(owner + "-web", true), NioIoHandler.newFactory());
        makers = new ThreadPoolExecutor(
                MAKERS,
                MAKERS,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(MAX_QUEUED),
                new DefaultThreadFactory(owner + "-web-page", true));
        makers.allowCoreThreadTimeOut(true);
        page("/", () -> String.join("\n", pages.keySet()) + "\n");
    }

    /** A page of plain text, made anew at each request. */
    public void page(String path, Supplier<String> text) {
        pages.put(path, () -> Page.ok(text.get()));
    }

    /** A page that says {@code ok} with status 200 while something holds, and {@code unavailable} with 503 otherwise. */
    public void health(String path, BooleanSupplier holds) {
        pages.put(path, () -> holds.getAsBoolean() ? Page.ok("ok\n") : Page.UNAVAILABLE);
    }

    /**
     * Binds the port and serves.
     *
     * @return the address with the port that was bound
     * @throws IOException if the address cannot be bound
     */
    public synchronized HostPort start() throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getByName(bind.host()), bind.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + bind + ": " + bound.cause().getMessage(), bound.cause());
        }
        listener = bound.channel();
        return new HostPort(bind.host(), ((InetSocketAddress) bound.channel().localAddress()).getPort());
    }

    private void accept(Channel channel) {
        if (connections.size() >= MAX_CONNECTIONS) {
            LOG.warn(
                    "event=web-connection-refused remote={} connections={}",
                    channel.remoteAddress(),
                    connections.size());
            channel.close();
            return;
        }
        connections.add(channel);
        channel.pipeline()
                .addLast(
                        new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADER_BYTES, MAX_HEADER_BYTES),
                        new WebConnection(pages, makers));
        channel.eventLoop().schedule(() -> expire(channel), CONNECTION_LIMIT_S, TimeUnit.SECONDS);
    }

    private static void expire(Channel channel) {
        if (channel.isOpen()) {
            LOG.warn(
                    "event=web-connection-closed remote={} reason=\"not done after {} s\"",
                    channel.remoteAddress(),
                    CONNECTION_LIMIT_S);
            channel.close();
        }
    }

    /** Stops listening and closes all connections. Waits for it, up to five seconds. */
    @Override
    public synchronized void close() {
        Channel port = listener;
        if (port != null) {
            port.close().awaitUninterruptibly(CLOSE_LIMIT_S, TimeUnit.SECONDS);
        }
        connections.close().awaitUninterruptibly(CLOSE_LIMIT_S, TimeUnit.SECONDS);
        makers.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(CLOSE_LIMIT_S, TimeUnit.SECONDS);
    }
}
