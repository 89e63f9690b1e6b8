/**
 * The seams to the outside: calls to servers and delayed tasks. Fakes of both drive the unit tests.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.client.transport;
