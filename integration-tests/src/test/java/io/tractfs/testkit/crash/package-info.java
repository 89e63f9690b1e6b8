/**
 * Writers that are killed and what must be there afterwards: {@link io.tractfs.testkit.crash.CrashClient} is a JVM of
 * workers and readers that write down what they begin and what was acknowledged,
 * {@link io.tractfs.testkit.crash.Expectation} makes of that what a cluster may hold, and
 * {@link io.tractfs.testkit.crash.CrashVerifier} compares. Used by tests of kills and of power loss.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.testkit.crash;
