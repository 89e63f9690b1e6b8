package io.tractfs.wire.checkpoint;

import io.tractfs.wire.proto.CheckpointHead;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes the pieces of a checkpoint, in order. Not thread-safe. */
public interface CheckpointSink {
    /** The checkpoint begins. */
    void begin(CheckpointHead head) throws IOException;

    /**
     * The next bytes of a file.
     *
     * @param file place of the file in the head's list
     * @param bytes verified; valid during the call only
     */
    void piece(int file, long offset, ByteBuffer bytes) throws IOException;

    /** All files are whole. */
    void end() throws IOException;
}
