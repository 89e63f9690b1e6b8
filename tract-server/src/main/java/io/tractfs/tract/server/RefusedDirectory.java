package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A configured directory that is not served, while the others are. It is told to the leader with each heartbeat, so that a
 * report of the cluster shows it. Immutable.
 *
 * @param directory which
 * @param reason what is wrong with it, and what to do
 */
public record RefusedDirectory(String directory, String reason) {
    private static final Logger LOG = LoggerFactory.getLogger(RefusedDirectory.class);

    /** A directory that cannot be served; this is logged. */
    static RefusedDirectory of(Path directory, IOException failure) {
        LOG.error("event=directory-refused directory={} reason=\"{}\"", directory, failure.getMessage(), failure);
        return new RefusedDirectory(directory.toString(), String.valueOf(failure.getMessage()));
    }

    /** The error of a server that has no other directory. */
    static TractException noneLeft(List<RefusedDirectory> refused) {
        return new TractException(
                ErrorCode.STORE_FAILED,
                "no directory can be served: "
                        + refused.stream().map(RefusedDirectory::reason).collect(Collectors.joining("; ")));
    }
}
