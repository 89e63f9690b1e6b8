package io.tractfs.wire.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.tractfs.wire.frame.FrameType;
import io.tractfs.wire.proto.Hello;
import io.tractfs.wire.proto.RequestHeader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;

/** A peer that writes bytes by hand, right or wrong. */
final class RawPeer implements AutoCloseable {
    final Socket socket;
    final DataInputStream in;
    final DataOutputStream out;

    RawPeer(HostPort address) throws IOException {
        socket = new Socket(address.host(), address.port());
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /** A peer whose hello was accepted. */
    static RawPeer greeted(HostPort address) throws IOException {
        RawPeer peer = new RawPeer(address);
        peer.send(FrameType.HELLO, hello().build(), new byte[0]);
        Answer answer = peer.receive();
        if (answer.type() != FrameType.HELLO_REPLY.number()) {
            throw new AssertionError("got " + answer.type());
        }
        return peer;
    }

    static Hello.Builder hello() {
        return Hello.newBuilder()
                .setProtocolMin(1)
                .setProtocolMax(1)
                .setMechanism("simple")
                .setEffectiveUser("raw")
                .setRealUser("raw");
    }

    /** A frame as it was received. */
    record Answer(int type, ByteString header, ByteString body) {}

    void send(FrameType type, MessageLite header, byte[] body) throws IOException {
        out.writeInt(4 + header.getSerializedSize() + body.length);
        out.writeByte(type.number());
        out.writeByte(0);
        out.writeShort(header.getSerializedSize());
        header.writeTo(out);
        out.write(body);
        out.flush();
    }

    Answer receive() throws IOException {
        int length = in.readInt();
        int type = in.readUnsignedByte();
        in.readUnsignedByte();
        byte[] header = new byte[in.readUnsignedShort()];
        in.readFully(header);
        byte[] body = new byte[length - 4 - header.length];
        in.readFully(body);
        return new Answer(type, ByteString.copyFrom(header), ByteString.copyFrom(body));
    }

    void sendRequestsUntilClosed(int method, byte[] body) {
        RequestHeader header = RequestHeader.newBuilder()
                .setMethod(method)
                .setDeadlineMs(60_000)
                .setMessage(ByteString.EMPTY)
                .build();
        try {
            while (true) {
                send(FrameType.REQUEST, header, body);
            }
        } catch (IOException e) {
            // The test has closed the socket.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
