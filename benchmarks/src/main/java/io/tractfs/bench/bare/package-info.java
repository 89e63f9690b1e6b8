/** What the machine gives without any file system between: the measure beside the rows. */
@NullMarked
package io.tractfs.bench.bare;

import org.jspecify.annotations.NullMarked;
