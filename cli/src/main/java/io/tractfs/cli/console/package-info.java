/** What every command needs: failures, progress, the launcher, the end of a log. Knows nothing of the other packages. */
@NullMarked
package io.tractfs.cli.console;

import org.jspecify.annotations.NullMarked;
