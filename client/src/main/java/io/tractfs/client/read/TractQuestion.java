package io.tractfs.client.read;

import com.google.protobuf.MessageLite;
import io.tractfs.error.TractException;
import io.tractfs.table.StoreInfo;
import io.tractfs.wire.proto.TractAddress;
import io.tractfs.wire.rpc.Reply;
import java.util.concurrent.CompletableFuture;

/**
 * Something about a range of a tract that any member which holds the bytes can answer, so that a {@link FetchSession}
 * can take it from one to the next. Immutable.
 *
 * @param <R> message of the answer
 * @param <T> what is made of it
 */
interface TractQuestion<R extends MessageLite, T> {
    /** Asks one member, once. */
    CompletableFuture<Reply<R>> ask(StoreInfo store, TractAddress address);

    /**
     * What the answer says, checked. The session closes the reply: what is kept of its body is retained here.
     *
     * @throws TractException {@code DAMAGED} if bytes do not verify; any error takes the question to the next member
     */
    T checked(Reply<R> reply) throws TractException;

    /** Gives back a second answer, which nobody wants. */
    void drop(T answer);
}
