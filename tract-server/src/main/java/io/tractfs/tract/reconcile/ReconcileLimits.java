package io.tractfs.tract.reconcile;

/**
 * What bounds one session. Immutable.
 *
 * @param pageEntries most entries of a page of a row's list
 * @param pieceBytes most bytes fetched by one call, a multiple of the chunk size
 * @param fetches most fetches in flight
 */
public record ReconcileLimits(int pageEntries, int pieceBytes, int fetches) {
    /** What the tract server uses. */
    public static final ReconcileLimits DEFAULT = new ReconcileLimits(256, 1 << 20, 4);
}
