/**
 * Clusters of real processes for tests: start, kill, freeze, damage, await. Everything goes through {@code bin/tractfs},
 * as a user would do it; tests use nothing else.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.testkit;
