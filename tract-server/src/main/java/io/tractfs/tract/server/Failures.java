package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What a future failed with. Pure functions. */
final class Failures {
    private Failures() {}

    /** The operating error behind a failure; INTERNAL for anything unexpected. */
    static TractException of(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof TractException known
                ? known
                : new TractException(ErrorCode.INTERNAL, "unexpected: " + cause, cause);
    }
}
