package io.tractfs.cli.admin;

import java.util.List;

/**
 * What cannot be read at present because no store that holds it is there. Immutable.
 *
 * @param rows rows without a holder of a class that some file needs
 * @param stores names of the stores that they wait for
 * @param files files with a tract in one of these rows
 * @param firstFiles the first of them
 */
public record Loss(List<Integer> rows, List<String> stores, long files, List<String> firstFiles) {
    /** Nothing is lost. */
    public static final Loss NONE = new Loss(List.of(), List.of(), 0, List.of());

    private static final int ROWS_IN_TEXT = 20;

    /** Copies the lists. */
    public Loss {
        rows = List.copyOf(rows);
        stores = List.copyOf(stores);
        firstFiles = List.copyOf(firstFiles);
    }

    /** Lines for people; empty if nothing is lost. */
    public String text() {
        if (rows.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        String some = String.join(
                ", ", rows.stream().limit(ROWS_IN_TEXT).map(String::valueOf).toList());
        text.append("\n\nNOT READABLE at present: ")
                .append(rows.size())
                .append(rows.size() == 1 ? " row: " : " rows: ")
                .append(some)
                .append(rows.size() > ROWS_IN_TEXT ? ", …" : "");
        text.append("\n  waiting for   ")
                .append(stores.isEmpty() ? "stores that are not known" : String.join(", ", stores));
        text.append("\n  files         ").append(files);
        firstFiles.forEach(file -> text.append("\n                ").append(file));
        if (files > firstFiles.size()) {
            text.append("\n                and more: tractfs fsck names all of them");
        }
        return text.toString();
    }

    void addTo(Json json) {
        json.object("loss").field("rowCount", rows.size()).array("rows");
        rows.forEach(json::element);
        json.endArray().array("stores");
        stores.forEach(json::element);
        json.endArray().field("files", files).array("firstFiles");
        firstFiles.forEach(json::element);
        json.endArray().endObject();
    }
}
