/**
 * Clocks. Nothing else reads the system's time.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.time;
