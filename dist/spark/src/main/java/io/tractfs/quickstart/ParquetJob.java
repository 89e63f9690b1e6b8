package io.tractfs.quickstart;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Writes a table of orders as Parquet, partitioned by region, reads it back with SQL, and compares the sums with what
 * arithmetic says they must be. Exits with status 1 if they differ. Not thread-safe.
 */
public final class ParquetJob {
    private static final long REGIONS = 4;

    private ParquetJob() {}

    /** Arguments: directory (a URI or a path of the default file system), number of orders (a multiple of four). */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: ParquetJob DIRECTORY ORDERS");
            System.exit(2);
        }
        String directory = arguments[0];
        long orders = Long.parseLong(arguments[1]);
        boolean good;
        try (SparkSession spark =
                SparkSession.builder().appName("TractFS quickstart").getOrCreate()) {
            write(spark, directory, orders);
            good = check(spark, directory, orders);
        }
        System.exit(good ? 0 : 1);
    }

    private static void write(SparkSession spark, String directory, long orders) {
        spark.range(orders)
                .selectExpr(
                        "id",
                        "id % " + REGIONS + " AS region",
                        "concat('customer-', id % 1000) AS customer",
                        "id % 97 AS amount")
                .write()
                .mode(SaveMode.Overwrite)
                .partitionBy("region")
                .parquet(directory);
    }

    private static boolean check(SparkSession spark, String directory, long orders) {
        spark.read().parquet(directory).createOrReplaceTempView("orders");
        Dataset<Row> byRegion = spark.sql("SELECT region, count(*) AS orders, sum(id) AS ids, sum(amount) AS amount"
                + " FROM orders GROUP BY region ORDER BY region");
        byRegion.show();
        List<Row> rows = byRegion.collectAsList();
        if (rows.size() != REGIONS) {
            System.err.println("expected " + REGIONS + " regions, read " + rows.size());
            return false;
        }
        boolean good = true;
        for (Row row : rows) {
            good &= matches(row, orders);
        }
        return good;
    }

    /** Region r has the ids r, r + 4, r + 8, … below the number of orders. */
    private static boolean matches(Row row, long orders) {
        long region = row.<Number>getAs("region").longValue();
        long count = orders / REGIONS;
        long ids = count * region + REGIONS * (count * (count - 1) / 2);
        long amount = 0;
        for (long id = region; id < orders; id += REGIONS) {
            amount += id % 97;
        }
        boolean same = row.<Long>getAs("orders") == count
                && row.<Long>getAs("ids") == ids
                && row.<Long>getAs("amount") == amount;
        if (!same) {
            System.err.println("region " + region + ": read " + row + ", expected orders=" + count + " ids=" + ids
                    + " amount=" + amount);
        }
        return same;
    }
}
