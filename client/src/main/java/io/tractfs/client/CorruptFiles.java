package io.tractfs.client;

import io.tractfs.error.TractException;
import java.util.List;

/** The pages of a search for files that have lost bytes. Not thread-safe. */
public interface CorruptFiles {
    /** Paths of the next page, in order of names; may be empty though more follow. Waits for servers. */
    List<String> next() throws TractException;

    /** Whether there may be more. */
    boolean more();
}
