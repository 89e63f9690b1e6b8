package io.tractfs.metadata.assignment;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/** A set of row numbers in one array, with open addressing: there is one for each store. Not thread-safe. */
final class RowNumbers {
    private static final int NONE = -1;
    private static final int FIRST_SIZE = 8;

    private int[] slots = emptySlots(FIRST_SIZE);
    private int count;

    void add(int row) {
        if (2 * (count + 1) > slots.length) {
            refill(2 * slots.length, each -> true);
        }
        int slot = slotOf(row);
        if (slots[slot] == NONE) {
            slots[slot] = row;
            count++;
        }
    }

    /** Keeps those for which a condition holds. */
    void retain(IntPredicate condition) {
        refill(slots.length, condition);
    }

    void forEach(IntConsumer action) {
        for (int row : slots) {
            if (row != NONE) {
                action.accept(row);
            }
        }
    }

    int count() {
        return count;
    }

    private void refill(int size, IntPredicate condition) {
        int[] before = slots;
        slots = emptySlots(size);
        count = 0;
        for (int row : before) {
            if (row != NONE && condition.test(row)) {
                slots[slotOf(row)] = row;
                count++;
            }
        }
    }

    /** Where a row is, or would be; the size is a power of two. */
    private int slotOf(int row) {
        int slot = ((row * 0x9E3779B9) >>> 7) & (slots.length - 1);
        while (slots[slot] != NONE && slots[slot] != row) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private static int[] emptySlots(int size) {
        int[] slots = new int[size];
        Arrays.fill(slots, NONE);
        return slots;
    }
}
