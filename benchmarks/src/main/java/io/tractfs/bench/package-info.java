/**
 * The bench beside HDFS: {@code tractfs bench}. This package holds the command and the conductor, which takes both
 * sides through the same cases in turns. Nobody calls it but the launcher.
 */
@NullMarked
package io.tractfs.bench;

import org.jspecify.annotations.NullMarked;
