/**
 * Tests on clusters of processes, named after what they show.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.it;
