/**
 * What the command line asks a metadata server, and how it is printed: tables for people, JSON for programs. Used by
 * the commands.
 */
@NullMarked
package io.tractfs.cli.admin;

import org.jspecify.annotations.NullMarked;
