package io.tractfs.web;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.INTERNAL_SERVER_ERROR;
import static io.netty.handler.codec.http.HttpResponseStatus.METHOD_NOT_ALLOWED;
import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the one request of a connection and closes it; what comes after the request's head is dropped. Confined to its
 * channel's event loop; pages are made elsewhere.
 */
final class WebConnection extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger LOG = LoggerFactory.getLogger(WebConnection.class);

    private final Map<String, Supplier<Page>> pages;
    private final Executor makers;
    private boolean asked;

    WebConnection(Map<String, Supplier<Page>> pages, Executor makers) {
        this.pages = pages;
        this.makers = makers;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (!asked && message instanceof HttpRequest request) {
            asked = true;
            serve(ctx, request);
        }
    }

    private void serve(ChannelHandlerContext ctx, HttpRequest request) {
        if (!request.decoderResult().isSuccess()) {
            refuse(ctx, String.valueOf(request.decoderResult().cause().getMessage()));
            answer(ctx, Page.of(BAD_REQUEST, "the request cannot be read"), true);
            return;
        }
        boolean head = request.method().equals(HttpMethod.HEAD);
        if (!head && !request.method().equals(HttpMethod.GET)) {
            answer(ctx, Page.of(METHOD_NOT_ALLOWED, "only GET and HEAD are served"), true);
            return;
        }
        Supplier<Page> page = pages.get(new QueryStringDecoder(request.uri()).path());
        if (page == null) {
            answer(ctx, Page.of(NOT_FOUND, "no such page; / lists all"), !head);
            return;
        }
        try {
            makers.execute(() -> {
                Page made = make(page);
                ctx.executor().execute(() -> answer(ctx, made, !head));
            });
        } catch (RejectedExecutionException e) {
            answer(ctx, Page.of(SERVICE_UNAVAILABLE, "too many pages are being made; try again"), !head);
        }
    }

    private static Page make(Supplier<Page> page) {
        try {
            return page.get();
        } catch (RuntimeException e) {
            LOG.error("event=web-page-failed", e);
            return Page.of(INTERNAL_SERVER_ERROR, "the page could not be made; the log says why");
        }
    }

    private static void answer(ChannelHandlerContext ctx, Page page, boolean withText) {
        ByteBuf text = ByteBufUtil.writeUtf8(ctx.alloc(), page.text());
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, page.status(), withText ? text : Unpooled.EMPTY_BUFFER);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, text.readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (!withText) {
            text.release();
        }
        ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    private static void refuse(ChannelHandlerContext ctx, String reason) {
        LOG.warn(
                "event=web-request-refused remote={} reason=\"{}\"",
                ctx.channel().remoteAddress(),
                reason);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("event=web-connection-lost remote={}", ctx.channel().remoteAddress(), cause);
        } else {
            refuse(ctx, cause.toString());
        }
        ctx.close();
    }
}
