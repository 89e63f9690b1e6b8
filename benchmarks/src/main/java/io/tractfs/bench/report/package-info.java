/** Results as JSON, text and Markdown, and two of them side by side. */
@NullMarked
package io.tractfs.bench.report;

import org.jspecify.annotations.NullMarked;
