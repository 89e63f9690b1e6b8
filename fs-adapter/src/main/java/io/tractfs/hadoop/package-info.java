/** The Hadoop adapter: {@code FileSystem} and {@code AbstractFileSystem} over the client library. */
package io.tractfs.hadoop;
