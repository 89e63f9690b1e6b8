/**
 * Frames: the unit in which bytes travel on a connection. {@link io.tractfs.wire.frame.FrameDecoder} cuts the stream
 * into {@link io.tractfs.wire.frame.Frame}s within {@link io.tractfs.wire.frame.FrameLimits};
 * {@link io.tractfs.wire.frame.FrameEncoder} writes them. Called by {@code io.tractfs.wire.rpc} only.
 */
@NullMarked
package io.tractfs.wire.frame;

import org.jspecify.annotations.NullMarked;
