/** What is measured: the cases, the presets and the time they may take. Pure. */
@NullMarked
package io.tractfs.bench.plan;

import org.jspecify.annotations.NullMarked;
