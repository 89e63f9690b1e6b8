package io.tractfs.differential;

/**
 * What an operation did. Immutable.
 *
 * @param compared what has to be equal
 * @param note what a person wants to know besides, such as an exception's message
 */
record Outcome(String compared, String note) {
    private static final String THREW = "throws ";

    /** It returned. */
    static Outcome returned(String value) {
        return new Outcome(value, "");
    }

    /** It threw. */
    static Outcome threw(Throwable thrown) {
        return new Outcome(THREW + Equivalences.nameOf(thrown), firstLines(thrown));
    }

    /** Whether it threw. */
    boolean threwOne() {
        return compared.startsWith(THREW);
    }

    /** Whether both did the same. */
    boolean isSameAs(Outcome other) {
        return compared.equals(other.compared);
    }

    private static String firstLines(Throwable thrown) {
        String text = String.valueOf(thrown);
        return text.substring(0, Math.min(600, text.length()));
    }

    @Override
    public String toString() {
        return note.isEmpty() ? compared : compared + "    (" + note + ")";
    }
}
