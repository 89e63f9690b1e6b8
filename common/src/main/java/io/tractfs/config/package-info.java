/**
 * Typed configuration keys: default, unit, range, doc; every problem is reported at once.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.config;
