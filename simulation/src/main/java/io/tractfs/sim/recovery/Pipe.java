package io.tractfs.sim.recovery;

/** A disk or one direction of a network card: carries what it is given one after another. Not thread-safe. */
final class Pipe {
    private final double nanosPerByte;
    private double freeAt;
    private double busyNanos;

    Pipe(double bytesPerSecond) {
        this.nanosPerByte = 1e9 / bytesPerSecond;
    }

    /** Takes bytes at some time; returns when they are through. */
    long carry(long nowNanos, long bytes) {
        double takes = (double) bytes * nanosPerByte;
        busyNanos += takes;
        freeAt = Math.max(freeAt, (double) nowNanos) + takes;
        return (long) Math.ceil(freeAt);
    }

    /** Time in which it carried something. */
    double busyNanos() {
        return busyNanos;
    }
}
