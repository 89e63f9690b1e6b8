/**
 * The cached tract table: fetched on first use, refreshed by delta, one refresh at a time.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.client.table;
