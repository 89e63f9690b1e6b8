/** The metadata server: the namespace (hard state) and the assignment of tracts to stores (soft state). */
package io.tractfs.metadata;
