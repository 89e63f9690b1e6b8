/**
 * Reading: planning and choice of members are pure, {@link io.tractfs.client.read.TractFetcher} races and verifies,
 * {@link io.tractfs.client.read.StripedInput} is the stream; the tail of an open file is asked of all members.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.client.read;
