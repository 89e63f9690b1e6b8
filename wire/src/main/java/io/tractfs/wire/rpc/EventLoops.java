package io.tractfs.wire.rpc;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.tractfs.config.Key;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The I/O threads of one process, shared by its servers and clients: daemon threads named {@code <owner>-io-<n>}, on
 * epoll where there is one. Thread-safe.
 */
public final class EventLoops implements AutoCloseable {
    private static final int PAGE_BYTES = 8192;
    /** Chunks of 16 MiB, so that a body of the largest size still comes from the pool. */
    private static final int MAX_ORDER = 11;

    private static final long CLOSE_LIMIT_S = 10;

    private static final int MAX_ARENAS = 8;

    static {
        // Netty samples buffers and records where they were used unless it is told otherwise; a search tool, not for
        // every day.
        if (System.getProperty("io.netty.leakDetection.level") == null) {
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        }
    }

    /** One pool per process: chunks stay with their pool, so that pools that come and go would pile them up. */
    private static final PooledByteBufAllocator POOL = pool();

    private final EventLoopGroup group;
    private final boolean epoll;
    private final String owner;

    /** The key of the time that threads look for more before they block, for the settings of servers and clients. */
    public static Key<Integer> spinKey(String prefix) {
        return Key.micros(
                prefix + "io.spin.us",
                50,
                0,
                1000,
                "How long a thread of the network looks for more before it sleeps, in microseconds: that spares calls"
                        + " its wake-up. It stops where another thread wants the processor. 0 sleeps at once.");
    }

    /** Threads that sleep as soon as there is nothing to do. */
    public EventLoops(String owner, int threadCount) {
        this(owner, threadCount, 0);
    }

    /**
     * Starts threads on first use; the native transport is taken where it can be loaded.
     *
     * @param spinMicros how long a thread looks for more before it sleeps, with the native transport; 0 for not at all
     */
    public EventLoops(String owner, int threadCount, int spinMicros) {
        this(owner, threadCount, spinMicros, Epoll.isAvailable());
    }

    EventLoops(String owner, int threadCount, int spinMicros, boolean epoll) {
        this.epoll = epoll;
        this.owner = owner;
        this.group = new MultiThreadIoEventLoopGroup(
                threadCount, threads(owner), epoll ? epollHandlers(spinMicros) : NioIoHandler.newFactory());
    }

    private static IoHandlerFactory epollHandlers(int spinMicros) {
        long nanos = TimeUnit.MICROSECONDS.toNanos(spinMicros);
        return spinMicros == 0
                ? EpollIoHandler.newFactory()
                : EpollIoHandler.newFactory(0, () -> new SpinBeforeSleep(nanos, System::nanoTime, Thread::yield));
    }

    private static PooledByteBufAllocator pool() {
        int arenas = Math.min(MAX_ARENAS, Runtime.getRuntime().availableProcessors());
        return new PooledByteBufAllocator(
                true,
                1,
                arenas,
                PAGE_BYTES,
                MAX_ORDER,
                PooledByteBufAllocator.defaultSmallCacheSize(),
                PooledByteBufAllocator.defaultNormalCacheSize(),
                false);
    }

    private static ThreadFactory threads(String owner) {
        AtomicInteger next = new AtomicInteger();
        return task -> {
            Thread thread = new FastThreadLocalThread(task, owner + "-io-" + next.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** The pool that connections take their buffers from; it is the process's. */
    public ByteBufAllocator allocator() {
        return POOL;
    }

    String owner() {
        return owner;
    }

    EventLoop next() {
        return group.next();
    }

    EventLoopGroup group() {
        return group;
    }

    Class<? extends SocketChannel> socketType() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    Class<? extends ServerChannel> serverSocketType() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** Ends the threads, after the clients and servers on them were closed. Waits for them, up to ten seconds. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(CLOSE_LIMIT_S, TimeUnit.SECONDS);
    }
}
