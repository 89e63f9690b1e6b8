/**
 * The tract table: rows, members, classes, images. Pure; shared by servers, clients and the simulator.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.table;
