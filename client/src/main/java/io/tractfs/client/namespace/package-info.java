/**
 * Calls to the namespace and the translation of its messages.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.client.namespace;
