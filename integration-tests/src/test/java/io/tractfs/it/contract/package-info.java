/**
 * Hadoop's own contract tests, unchanged, on a cluster of processes. {@code HadoopContractIT} runs them and asserts
 * their numbers.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.it.contract;
