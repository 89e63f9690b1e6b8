/** The client library: the public API for names and bytes. The Hadoop adapter and the command line call it. */
package io.tractfs.client;
