/** Integration tests: real processes, real sockets, real Hadoop. */
package io.tractfs.it;
