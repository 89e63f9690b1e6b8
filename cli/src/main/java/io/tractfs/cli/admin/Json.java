package io.tractfs.cli.admin;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** Writes JSON, two spaces per level. Not thread-safe. */
public final class Json {
    private final StringBuilder text = new StringBuilder();
    private final Deque<Boolean> hasElement = new ArrayDeque<>();

    /** Begins an object, as an element of an array or as the whole. */
    public Json object() {
        return open('{');
    }

    /** Begins an object as a field. */
    public Json object(String name) {
        return key(name).append('{');
    }

    /** Begins an array as a field. */
    public Json array(String name) {
        return key(name).append('[');
    }

    /** Ends an object. */
    public Json endObject() {
        return close('}');
    }

    /** Ends an array. */
    public Json endArray() {
        return close(']');
    }

    /** A field of text. */
    public Json field(String name, String value) {
        key(name).quote(value);
        return this;
    }

    /** An element of an array. */
    public Json element(String value) {
        next();
        quote(value);
        return this;
    }

    /** An element of an array. */
    public Json element(long value) {
        next();
        text.append(value);
        return this;
    }

    /** A field of a number. */
    public Json field(String name, long value) {
        key(name).text.append(value);
        return this;
    }

    /** A field that is true or false. */
    public Json field(String name, boolean value) {
        key(name).text.append(value);
        return this;
    }

    /** A field without a value. */
    public Json nullField(String name) {
        key(name).text.append("null");
        return this;
    }

    /** What was written since this was last called; what follows goes on behind it. */
    public String take() {
        String taken = text.toString();
        text.setLength(0);
        return taken;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private Json open(char bracket) {
        next();
        return append(bracket);
    }

    private Json append(char bracket) {
        text.append(bracket);
        hasElement.push(false);
        return this;
    }

    private Json close(char bracket) {
        if (hasElement.pop()) {
            line();
        }
        text.append(bracket);
        return this;
    }

    private Json key(String name) {
        next();
        quote(name);
        text.append(": ");
        return this;
    }

    private void next() {
        if (!hasElement.isEmpty()) {
            if (hasElement.pop()) {
                text.append(',');
            }
            hasElement.push(true);
            line();
        }
    }

    private void line() {
        text.append('\n').append("  ".repeat(hasElement.size()));
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            if (character == '"' || character == '\\') {
                text.append('\\').append(character);
            } else if (character < ' ') {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
            } else {
                text.append(character);
            }
        }
        text.append('"');
    }
}
