/**
 * The audit log: who asked for what, and whether he was allowed to, in the form of HDFS's. {@link
 * io.tractfs.metadata.audit.AuditLog} takes events from the handlers of the server and writes them on a thread of its own.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.metadata.audit;
