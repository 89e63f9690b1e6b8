package io.tractfs.tract.store;

import io.tractfs.tract.format.TractLayout;
import io.tractfs.tract.format.TractSlot;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The slots of a tract file as they were read. Immutable. */
final class SlotPage {
    private final @Nullable TractSlot[] slots = new @Nullable TractSlot[TractLayout.SLOTS];
    private final List<Integer> unreadable = new ArrayList<>();
    private final int newest;

    /** Decodes the first sectors of a file. */
    SlotPage(ByteBuffer page) {
        int best = -1;
        for (int i = 0; i < slots.length; i++) {
            TractSlot slot = TractSlot.decodeEither(page.duplicate().position(TractLayout.slot(i)))
                    .orElse(null);
            slots[i] = slot;
            TractSlot highest = best < 0 ? null : slots[best];
            if (slot != null && (highest == null || slot.sequence() > highest.sequence())) {
                best = i;
            }
        }
        newest = best;
        for (int i = 0; i < slots.length; i++) {
            if (slots[i] == null && wasWritten(page, i)) {
                unreadable.add(i);
            }
        }
    }

    /** Slots are taken in turn, so one is blank only if no later one has been written. */
    private boolean wasWritten(ByteBuffer page, int index) {
        for (int later = index + 1; later < slots.length; later++) {
            if (slots[later] != null) {
                return true;
            }
        }
        return !isBlank(page.slice(TractLayout.slot(index), TractSlot.BOTH));
    }

    /** Whether nothing was ever written: such a file was not acknowledged. */
    boolean isBlank() {
        return newest < 0 && unreadable.isEmpty();
    }

    /** Whether a slot says what the tract is. */
    boolean isReadable() {
        return newest >= 0;
    }

    /** The slot with the highest sequence; there is one. */
    TractSlot newest() {
        return Objects.requireNonNull(slots[newest]);
    }

    /** Its place. */
    int newestIndex() {
        return newest;
    }

    /** All slots by place. */
    @Nullable
    TractSlot[] all() {
        return slots.clone();
    }

    /** Those that verify. */
    List<TractSlot> valid() {
        return Arrays.stream(slots).filter(Objects::nonNull).toList();
    }

    /** Places where something was written that does not verify. */
    List<Integer> unreadable() {
        return List.copyOf(unreadable);
    }

    private static boolean isBlank(ByteBuffer bytes) {
        return bytes.equals(ByteBuffer.allocate(bytes.remaining()));
    }
}
