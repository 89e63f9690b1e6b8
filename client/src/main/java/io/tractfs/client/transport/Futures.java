package io.tractfs.client.transport;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Waiting for futures, and what they failed with. All methods are pure but for the waiting. */
public final class Futures {
    private Futures() {}

    /**
     * Waits for a future.
     *
     * @throws TractException what it failed with; {@code IO_ERROR} when the thread is interrupted, which stays so
     */
    public static <T> T await(CompletableFuture<T> future) throws TractException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TractException(ErrorCode.IO_ERROR, "Interrupted while waiting for a server", e);
        } catch (ExecutionException e) {
            TractException cause = asTractException(e);
            throw new TractException(cause.code(), String.valueOf(cause.getMessage()), cause.version(), cause);
        }
    }

    /** The operating error below wrappers; {@code INTERNAL} for anything else. */
    public static TractException asTractException(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof TractException error
                ? error
                : new TractException(ErrorCode.INTERNAL, "Unexpected failure in the client: " + cause, cause);
    }
}
