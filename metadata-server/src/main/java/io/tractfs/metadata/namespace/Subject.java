package io.tractfs.metadata.namespace;

import io.tractfs.metadata.permission.Attributes;
import org.jspecify.annotations.Nullable;

/** Where a rule leaves the attributes of what its command changed, for the audit log. Confined to the applying thread. */
final class Subject {
    private @Nullable Attributes attributes;

    /** Notes what was changed, as it is now. */
    void is(Attributes now) {
        attributes = now;
    }

    /** What was noted. */
    @Nullable
    Attributes attributes() {
        return attributes;
    }
}
