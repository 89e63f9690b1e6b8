/**
 * Reading tracts of stores on this host from their files, past the network. {@link io.tractfs.client.local.LocalTracts} is
 * what streams ask; whatever cannot be read so, for whatever reason, they read through the store.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.client.local;
