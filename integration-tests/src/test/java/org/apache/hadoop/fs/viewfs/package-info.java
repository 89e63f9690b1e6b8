/** Hadoop's tests of its view file systems, whose fields only this package sees, with TractFS behind the mount points. */
@org.jspecify.annotations.NullMarked
package org.apache.hadoop.fs.viewfs;
