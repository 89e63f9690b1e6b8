/** Foundation of TractFS: what every module may use. The packages below it hold ids, the tract table, checksums,
 * errors, configuration, time and metrics. */
package io.tractfs;
