package io.tractfs.wire.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.frame.Frame;
import io.tractfs.wire.frame.FrameEncoder;
import io.tractfs.wire.frame.FrameType;
import io.tractfs.wire.proto.Hello;
import io.tractfs.wire.proto.HelloReply;
import java.net.InetSocketAddress;

/** The server's part of the hello. Stateless, thread-safe. */
final class ServerHello {
    private ServerHello() {}

    /**
     * A peer that may call.
     *
     * @param identity who it is
     * @param reply what it is told
     */
    record Accepted(Identity identity, HelloReply reply) {}

    /** Checks the first frame of a connection; does not take the frame over. */
    static Accepted accept(ServerContext context, Frame frame, InetSocketAddress remote) throws TractException {
        Hello hello = parse(frame);
        int protocol = ProtocolVersion.agree(hello.getProtocolMin(), hello.getProtocolMax());
        long features = ProtocolVersion.agreeFeatures(hello.getRequiredFeatures(), hello.getOptionalFeatures());
        ClusterId theirs = ProtocolVersion.decodeCluster(hello.getClusterId());
        ProtocolVersion.agreeCluster(context.clusterId().get().orElse(null), theirs);
        checkUsers(hello);
        Identity identity =
                new Identity(hello.getEffectiveUser(), hello.getRealUser(), theirs, hello.getSoftwareVersion());
        context.acceptor().accept(identity, remote);
        return new Accepted(
                identity,
                common(context).setProtocol(protocol).setFeatures(features).build());
    }

    /** What a refused peer is told. */
    static HelloReply refusal(ServerContext context, TractException error) {
        return common(context)
                .setErrorCode(error.code().number())
                .setErrorMessage(FrameWriter.clip(String.valueOf(error.getMessage()), FrameWriter.MAX_ERROR_TEXT / 8))
                .build();
    }

    static ByteBuf encode(ByteBufAllocator allocator, HelloReply reply) {
        try {
            return FrameEncoder.head(allocator, FrameType.HELLO_REPLY, 0, reply, 0);
        } catch (TractException e) {
            throw new IllegalStateException("a reply to hello is over the limits", e);
        }
    }

    private static HelloReply.Builder common(ServerContext context) {
        return HelloReply.newBuilder()
                .setClusterId(ProtocolVersion.encode(context.clusterId().get().orElse(null)))
                .setSoftwareVersion(context.software());
    }

    private static Hello parse(Frame frame) throws TractException {
        if (frame.type() != FrameType.HELLO) {
            throw new TractException(
                    ErrorCode.MALFORMED, "the first frame must be a hello, not of type " + frame.type());
        }
        try {
            return Hello.parseFrom(frame.header().nioBuffer());
        } catch (InvalidProtocolBufferException e) {
            throw new TractException(ErrorCode.MALFORMED, "the hello cannot be read: " + e.getMessage());
        }
    }

    private static void checkUsers(Hello hello) throws TractException {
        if (!hello.getMechanism().equals(ProtocolVersion.MECHANISM)) {
            throw new TractException(
                    ErrorCode.AUTHENTICATION_FAILED,
                    "mechanism '" + FrameWriter.clip(hello.getMechanism(), Identity.MAX_USER_LENGTH)
                            + "' is not known; this server has '" + ProtocolVersion.MECHANISM + "'");
        }
        if (!Identity.isUserName(hello.getEffectiveUser()) || !Identity.isUserName(hello.getRealUser())) {
            throw new TractException(
                    ErrorCode.AUTHENTICATION_FAILED,
                    "effective and real user must be names of 1 to " + Identity.MAX_USER_LENGTH + " characters");
        }
    }
}
