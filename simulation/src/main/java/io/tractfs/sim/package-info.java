/** The simulator: a whole cluster in one thread on virtual time, replayed from one seed. */
package io.tractfs.sim;
