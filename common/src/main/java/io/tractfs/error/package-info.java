/**
 * Operating errors as values: code, class, the one exception. Used by everything.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.error;
