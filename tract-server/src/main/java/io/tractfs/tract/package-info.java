/** The tract server: stores that keep tracts on disks, and their version gate, ranges and reconcile. */
package io.tractfs.tract;
