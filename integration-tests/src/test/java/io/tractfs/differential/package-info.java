/**
 * The same random operations on TractFS and on HDFS: {@code DifferentialIT} makes operations from a seed
 * ({@code OperationGenerator}), runs them on both ({@code Comparison}, a {@code World} per file system), and shrinks what
 * differs ({@code Shrinker}). What is taken as equal though it is not is in {@code Equivalences}, each with its reason.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.differential;
