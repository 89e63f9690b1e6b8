/**
 * Writing: {@link io.tractfs.client.write.SegmentWriter} is the pure core of one segment (window, acknowledgement under one
 * version, resending), {@link io.tractfs.client.write.SegmentDriver} carries out its effects,
 * {@link io.tractfs.client.write.StripedOutput} is the stream. Only the client's streams are made here.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.client.write;
