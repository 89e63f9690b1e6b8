package io.tractfs.metadata.planning;

import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How many columns each candidate has, in all, at each place of a row, and together with each other candidate. Not
 * thread-safe.
 */
public final class Load {
    /** Above this many stores pairs are not counted: not all pairs shall share rows then (bounded scatter width). */
    static final int PAIRED_STORES = 64;

    private final Roster roster;
    private final int[] totals;
    private final int[][] byColumn;
    private final int[][] pairs;

    /** No columns at all. */
    public Load(Roster roster, int columns) {
        this.roster = roster;
        this.totals = new int[roster.size()];
        this.byColumn = new int[columns][roster.size()];
        int paired = roster.size() <= PAIRED_STORES ? roster.size() : 0;
        this.pairs = new int[paired][paired];
    }

    /** Whether rows have to be counted one by one, since it matters which stores share them. */
    public static boolean countsPairs(Roster roster) {
        return roster.size() <= PAIRED_STORES;
    }

    /** The load of more stores than pairs are counted of, from counts that were kept. */
    public static Load of(Roster roster, int columns, ColumnCounts counts) {
        Load load = new Load(roster, columns);
        for (int store = 0; store < roster.size(); store++) {
            for (int column = 0; column < columns; column++) {
                int count = counts.at(roster.at(store).ref().store(), column);
                load.byColumn[column][store] = count;
                load.totals[store] += count;
            }
        }
        return load;
    }

    /** Takes back the columns of rows that were counted. */
    public Load without(Iterable<Row> rows) {
        rows.forEach(row -> count(row.columns(), -1));
        return this;
    }

    /** Counts the columns of a row that candidates have. */
    public void add(Columns columns) {
        count(columns, 1);
    }

    private void count(Columns columns, int by) {
        int[] seats = new int[columns.count()];
        for (int column = 0; column < seats.length; column++) {
            @Nullable Member member = columns.at(column);
            seats[column] = member == null ? -1 : roster.numberOf(member.ref().store());
        }
        for (int column = 0; column < seats.length; column++) {
            if (seats[column] >= 0) {
                int[] before = Arrays.copyOf(seats, column);
                change(seats[column], column, before, by);
            }
        }
    }

    /** Counts one more column of a store, beside others in the same row (-1 where there is none). */
    void seat(int store, int column, int[] others) {
        change(store, column, others, 1);
    }

    /** Counts one column less. */
    void leave(int store, int column, int[] others) {
        change(store, column, others, -1);
    }

    private void change(int store, int column, int[] others, int by) {
        totals[store] += by;
        byColumn[column][store] += by;
        if (pairs.length > 0) {
            for (int other : others) {
                if (other >= 0 && other != store) {
                    pairs[store][other] += by;
                    pairs[other][store] += by;
                }
            }
        }
    }

    /** Columns that a store has. */
    public int total(int store) {
        return totals[store];
    }

    /** Columns that a store has at one place. */
    public int atColumn(int store, int column) {
        return byColumn[column][store];
    }

    /** Rows that two stores share; 0 where pairs are not counted. */
    public int together(int one, int other) {
        return pairs.length == 0 ? 0 : pairs[one][other];
    }

    /** The fraction of its fair share that a store would have with one column more; to be compared only. */
    double ratioWithOneMore(int store) {
        return (totals[store] + 1) / roster.weight(store);
    }
}
