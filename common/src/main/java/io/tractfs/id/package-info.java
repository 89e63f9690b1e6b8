/**
 * Records for ids and versions, so that no naked {@code long} crosses an API. Used by everything; depends on nothing.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.id;
