/** What members have to do while a segment changes its replication (P33); pure. Called by the metadata server's driver. */
@NullMarked
package io.tractfs.metadata.replication;

import org.jspecify.annotations.NullMarked;
