/**
 * Records to messages and back, one class per aggregate; Protobuf types stop here. A message that makes no sense is
 * {@code MALFORMED} and says what was expected. Used by clients and servers.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.wire.codec;
