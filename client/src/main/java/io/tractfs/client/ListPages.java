package io.tractfs.client;

import io.tractfs.error.TractException;

/** The pages of one listing, in order. Not thread-safe. */
@FunctionalInterface
public interface ListPages {
    /** The next page; not to be called after a page that has none after it. Waits for the server. */
    ListPage next() throws TractException;
}
