package io.tractfs.differential;

/**
 * Where two runs parted. Immutable.
 *
 * @param step number of the operation in the list that ran
 * @param operation what was done
 * @param tractFs what TractFS did
 * @param hdfs what HDFS did
 */
record Mismatch(int step, String operation, Outcome tractFs, Outcome hdfs) {
    @Override
    public String toString() {
        return "step " + step + ": " + operation + "\n  TractFS: " + indented(tractFs) + "\n  HDFS:    "
                + indented(hdfs);
    }

    private static String indented(Outcome outcome) {
        return outcome.toString().replace("\n", "\n           ");
    }
}
