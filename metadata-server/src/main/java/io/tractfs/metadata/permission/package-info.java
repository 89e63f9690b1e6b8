/**
 * The one place that decides access: {@link io.tractfs.metadata.permission.AccessRules}, HDFS's rules for owner, group,
 * others, the sticky bit and superusers. Pure functions on {@link io.tractfs.metadata.permission.Attributes} and {@link
 * io.tractfs.metadata.permission.Requester}. Called by the namespace.
 */
@NullMarked
package io.tractfs.metadata.permission;

import org.jspecify.annotations.NullMarked;
