/**
 * Hadoop's own ways of finding groups ({@code hadoop.security.group.mapping}) and of allowing proxy users ({@code
 * hadoop.proxyuser.*}): the only package of the server that sees Hadoop. Called by the composition root.
 */
@NullMarked
package io.tractfs.metadata.server.hadoop;

import org.jspecify.annotations.NullMarked;
