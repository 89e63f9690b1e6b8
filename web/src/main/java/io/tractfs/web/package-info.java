/** The small web server of the daemons: health, metrics, settings and stacks for machines and people. */
@org.jspecify.annotations.NullMarked
package io.tractfs.web;
