package io.tractfs.metadata.raft;

import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.proto.LogCommand;
import java.util.concurrent.CompletableFuture;

/**
 * A call on its way into the log. Thread-safe.
 *
 * @param call what was submitted
 * @param logged the same, encoded
 * @param result completed once the call is applied or has failed
 */
record PendingCall(Call call, LogCommand logged, CompletableFuture<Result> result) {
    /** Bytes in the log, without the entry around it. */
    int sizeBytes() {
        return logged.getSerializedSize();
    }
}
