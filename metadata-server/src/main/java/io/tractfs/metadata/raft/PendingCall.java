package io.tractfs.metadata.raft;

import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.LogCodec;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.proto.LogCommand;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A call on its way into the log. Thread-safe.
 *
 * @param call what was submitted
 * @param logged the same, encoded
 * @param result completed once the call is applied or has failed
 * @param completer runs what completes the result, unless it ended
 */
record PendingCall(Call call, LogCommand logged, CompletableFuture<Result> result, Executor completer) {
    /** A call whose result does not exist yet. */
    PendingCall(Call call, Executor completer) {
        this(call, LogCodec.encode(call), new CompletableFuture<>(), completer);
    }

    /** Bytes in the log, without the entry around it. */
    int sizeBytes() {
        return logged.getSerializedSize();
    }
}
