package io.tractfs.table;

import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;

/**
 * A last holder of a frozen class that is away: the class takes no writes until one of its waiting stores returns with
 * a claim at or above the version listed, or an operator gives them up (P2). Immutable.
 *
 * @param store the store
 * @param version the version that it held
 * @param classes the classes it is waited for
 */
public record Waiting(StoreId store, RowVersion version, ClassSet classes) {}
