package io.tractfs.sim.client;

import java.util.SplittableRandom;

/** The names that clients use: few, so that they meet. Not thread-safe. */
public final class Paths {
    private static final int DIRECTORIES = 3;
    private static final int FILES = 4;

    private int renamed;

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
