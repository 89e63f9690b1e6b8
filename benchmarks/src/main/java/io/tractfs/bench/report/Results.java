package io.tractfs.bench.report;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * All that a run found; what {@code --json} writes. Fields are only added. Immutable.
 *
 * @param schemaVersion 1
 * @param environment machine, versions and memory, by name
 * @param bare what the machine gives, by name; one value for each time it was measured
 * @param rows the table
 */
public record Results(
        int schemaVersion, Map<String, String> environment, Map<String, List<Double>> bare, List<RowResult> rows) {
    /** The version of what is written. */
    public static final int SCHEMA_VERSION = 1;

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** Writes them. */
    public void save(Path file) throws IOException {
        JSON.writeValue(file.toFile(), this);
    }

    /** Reads what another run wrote. */
    public static Results load(Path file) throws IOException {
        Results results = JSON.readValue(file.toFile(), Results.class);
        if (results.schemaVersion() != SCHEMA_VERSION) {
            throw new IOException(file + " has schema version " + results.schemaVersion() + ", not " + SCHEMA_VERSION
                    + ": it was written by another version of the bench.");
        }
        return results;
    }

    /** The middle of a bare measure, 0 if it was not taken. */
    public double bareMedian(String name) {
        List<Double> sorted =
                bare.getOrDefault(name, List.of()).stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
    }
}
