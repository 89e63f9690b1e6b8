/** JMH benchmarks of the hot pure parts; run by {@code tractfs bench-micro}, which takes JMH's own options. */
@NullMarked
package io.tractfs.bench.micro;

import org.jspecify.annotations.NullMarked;
