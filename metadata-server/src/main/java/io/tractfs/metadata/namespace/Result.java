package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.ClientId;
import io.tractfs.id.Epoch;
import io.tractfs.id.FileId;

/** What applying a command gave. Immutable. */
public sealed interface Result {
    /** Success without more to say. */
    Result DONE = new Done();

    /** Yes. */
    Result YES = new Answer(true);

    /** No. */
    Result NO = new Answer(false);

    /** Success without more to say. */
    record Done() implements Result {}

    /** A yes or no. */
    record Answer(boolean value) implements Result {}

    /** A file that the caller may write now; the last segment is the one to write. */
    record Opened(FileStatus status) implements Result {}

    /** Status of a file after the command. */
    record Status(FileStatus status) implements Result {}

    /** The file's writer was fenced: its recovery has to be carried out under the status' generation (P19). */
    record Recovering(FileStatus status) implements Result {}

    /** A leadership began. */
    record EpochTaken(Epoch epoch, long index) implements Result {}

    /** The command was refused and changed nothing. */
    record Refused(ErrorCode code, String message) implements Result {}

    /**
     * Refused because another session holds the file open. Not kept in the retry cache: a later attempt may go well.
     *
     * @param holder the session; {@link CallName#NO_CLIENT} while the writer is being recovered
     */
    record Held(FileId file, ClientId holder, String message) implements Result {}
}
