package io.tractfs.sim.kernel;

/** A promise of the protocol was broken. Immutable. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String invariant;

    /**
     * A broken promise.
     *
     * @param invariant which, as numbered in the design
     * @param what what was seen
     */
    public Violation(String invariant, String what) {
        super(invariant + ": " + what);
        this.invariant = invariant;
    }

    /** Which promise, as numbered in the design. */
    public String invariant() {
        return invariant;
    }
}
