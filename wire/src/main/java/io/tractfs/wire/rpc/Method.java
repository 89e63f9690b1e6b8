package io.tractfs.wire.rpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/**
 * One RPC method. Immutable.
 *
 * @param <Q> request message
 * @param <R> response message
 * @param number names the method on the wire; part of the wire contract, never reused
 * @param name for people: logs, metrics, error texts
 * @param requestParser reads the request
 * @param responseParser reads the response
 */
public record Method<Q extends MessageLite, R extends MessageLite>(
        int number, String name, Parser<Q> requestParser, Parser<R> responseParser) {
    @Override
    public String toString() {
        return name + "(" + number + ")";
    }
}
