/**
 * Small programs that tests run in JVMs of their own, on class paths that differ from the tests'.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.it.probe;
