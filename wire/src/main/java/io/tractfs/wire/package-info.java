/** The network protocol: frames, calls and identities. Clients and servers both use it; Protobuf types stop at its codecs. */
package io.tractfs.wire;
