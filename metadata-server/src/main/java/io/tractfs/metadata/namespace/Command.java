package io.tractfs.metadata.namespace;

/** One change of the state, as it is logged. All validation happens when it is applied, in log order. Immutable. */
public sealed interface Command permits FileCommand, ClusterCommand {}
