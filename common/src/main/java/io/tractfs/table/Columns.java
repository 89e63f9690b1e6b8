package io.tractfs.table;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The columns of a row: members or vacancies, in order. Immutable. */
public final class Columns {
    private final @Nullable Member[] members;

    private Columns(@Nullable Member[] members) {
        require(members.length);
        this.members = members;
    }

    /** Columns that hold these members; null is a vacancy. */
    public static Columns of(@Nullable Member... members) {
        return new Columns(members.clone());
    }

    /** Nothing but vacancies. */
    public static Columns vacant(int count) {
        require(count);
        return new Columns(new @Nullable Member[count]);
    }

    private static void require(int count) {
        if (count < 1 || count > ClassSet.MAX_COLUMNS) {
            throw new IllegalArgumentException("A row has 1 to " + ClassSet.MAX_COLUMNS + " columns, not " + count);
        }
    }

    /** The number of columns k. */
    public int count() {
        return members.length;
    }

    /** The member of a column, or null where it is vacant. */
    public @Nullable Member at(int column) {
        return members[column];
    }

    /** The same columns but for one. */
    public Columns with(int column, @Nullable Member member) {
        @Nullable Member[] copy = members.clone();
        copy[column] = member;
        return new Columns(copy);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Columns that && Arrays.equals(members, that.members);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(members);
    }

    @Override
    public String toString() {
        return Arrays.toString(members);
    }
}
