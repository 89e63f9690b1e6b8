package io.tractfs.sim.client;

import java.util.Optional;
import java.util.SplittableRandom;

/** The names that clients use: few, so that they meet. Not thread-safe. */
public final class Paths {
    private static final int DIRECTORIES = 3;
    private static final int FILES = 4;

    private String wanted = "";
    private long wantedUntilNanos;
    private int renamed;

    /** Lets everybody want a file for a while. */
    void want(String path, long untilNanos) {
        wanted = path;
        wantedUntilNanos = untilNanos;
    }

    /** The file that everybody wants; empty if there is none. */
    Optional<String> wanted(long nowNanos) {
        return nowNanos < wantedUntilNanos ? Optional.of(wanted) : Optional.empty();
    }

    /** A file's. */
    String draw(SplittableRandom random) {
        return "/d" + random.nextInt(DIRECTORIES) + "/f" + random.nextInt(FILES);
    }

    /** The directory of a file. */
    String directory(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    /** A name that nothing has had. */
    String fresh() {
        return "/r" + renamed++;
    }
}
