/**
 * What clients feel and how long recovery takes when servers die or freeze: {@code tractfs bench faults}, on TractFS and
 * on HDFS one after the other.
 */
@NullMarked
package io.tractfs.bench.faults;

import org.jspecify.annotations.NullMarked;
