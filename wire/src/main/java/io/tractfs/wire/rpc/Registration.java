package io.tractfs.wire.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.wire.frame.Frame;
import io.tractfs.wire.proto.RequestHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A method and what serves it. Immutable.
 *
 * @param method the method
 * @param handler serves it
 */
record Registration<Q extends MessageLite, R extends MessageLite>(Method<Q, R> method, RequestHandler<Q, R> handler) {
    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

    /** Parses a request and gives it to the handler. Takes over the frame's body, not its header. */
    void dispatch(ServerCall call, RequestHeader header, Frame frame) {
        ByteBuf body = frame.body();
        Q message;
        try {
            if (!frame.isMessageInBody()) {
                message = method.requestParser().parseFrom(header.getMessage());
            } else {
                message = method.requestParser().parseFrom(body.nioBuffer());
                body.release();
                body = Unpooled.EMPTY_BUFFER;
            }
        } catch (InvalidProtocolBufferException e) {
            body.release();
            call.fail(new TractException(
                    ErrorCode.MALFORMED, "the message of " + method + " cannot be read: " + e.getMessage()));
            return;
        }
        handle(call, message, body);
    }

    private void handle(ServerCall call, Q message, ByteBuf body) {
        try {
            handler.handle(new ServerExchange<>(call, message, body));
        } catch (RuntimeException e) {
            LOG.error(
                    "event=rpc-handler-failed method={} remote={}",
                    method,
                    call.caller().remoteAddress(),
                    e);
            if (call.tryFail(new TractException(ErrorCode.INTERNAL, method + " failed: " + e)) && body.refCnt() > 0) {
                body.release();
            }
        }
    }
}
