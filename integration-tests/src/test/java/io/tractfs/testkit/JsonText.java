package io.tractfs.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON strictly: one value and nothing behind it. Objects become {@link JsonObject}, arrays lists, numbers longs
 * (fractions doubles). Our own, since the versions of Jackson that Hadoop and Spark bring do not fit together. Not
 * thread-safe.
 */
public final class JsonText {
    private final String text;
    private int at;

    private JsonText(String text) {
        this.text = text;
    }

    /** An object. Immutable as long as nobody changes the map. */
    public record JsonObject(Map<String, Object> fields) {
        /** A field's text. */
        public String text(String name) {
            return (String) field(name);
        }

        /** A field's number. */
        public long number(String name) {
            return (Long) field(name);
        }

        /** A field that is true or false. */
        public boolean flag(String name) {
            return (Boolean) field(name);
        }

        /** A field's object. */
        public JsonObject object(String name) {
            return (JsonObject) field(name);
        }

        /** A field's array of objects. */
        public List<JsonObject> objects(String name) {
            return ((List<?>) field(name)).stream().map(JsonObject.class::cast).toList();
        }

        private Object field(String name) {
            Object value = fields.get(name);
            if (value == null) {
                throw new AssertionError("No field " + name + " in " + fields.keySet());
            }
            return value;
        }
    }

    /** Reads an object. */
    public static JsonObject object(String text) {
        JsonText reader = new JsonText(text);
        Object value = reader.value();
        reader.blanks();
        if (reader.at != text.length() || !(value instanceof JsonObject object)) {
            throw reader.wrong("one object");
        }
        return object;
    }

    private Object value() {
        blanks();
        char next = peek();
        if (next == '{') {
            return object();
        } else if (next == '[') {
            return array();
        } else if (next == '"') {
            return string();
        } else if (text.startsWith("true", at)) {
            at += 4;
            return true;
        } else if (text.startsWith("false", at)) {
            at += 5;
            return false;
        } else if (text.startsWith("null", at)) {
            at += 4;
            return Map.of();
        }
        int from = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String number = text.substring(from, at);
        if (number.isEmpty()) {
            throw wrong("a value");
        }
        return number.matches("-?\\d+") ? (Object) Long.valueOf(number) : (Object) Double.valueOf(number);
    }

    private JsonObject object() {
        Map<String, Object> fields = new LinkedHashMap<>();
        expect('{');
        for (boolean first = true; !ends('}'); first = false) {
            separate(first);
            blanks();
            String name = string();
            expect(':');
            if (fields.put(name, value()) != null) {
                throw wrong("a field once, not twice: " + name);
            }
        }
        return new JsonObject(fields);
    }

    private List<Object> array() {
        List<Object> elements = new ArrayList<>();
        expect('[');
        for (boolean first = true; !ends(']'); first = false) {
            separate(first);
            elements.add(value());
        }
        return elements;
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        expect('"');
        while (peek() != '"') {
            char next = text.charAt(at++);
            if (next < ' ') {
                throw wrong("no control character in a string");
            }
            string.append(next == '\\' ? escape() : next);
        }
        at++;
        return string.toString();
    }

    private char escape() {
        char kind = peek();
        at++;
        if (kind == 'u') {
            at += 4;
            return (char) Integer.parseInt(text.substring(at - 4, at), 16);
        }
        int index = "\"\\/bfnrt".indexOf(kind);
        if (index < 0) {
            throw wrong("an escape");
        }
        return "\"\\/\b\f\n\r\t".charAt(index);
    }

    private boolean ends(char bracket) {
        blanks();
        if (peek() == bracket) {
            at++;
            return true;
        }
        return false;
    }

    private void separate(boolean first) {
        if (!first) {
            expect(',');
        }
    }

    private void expect(char wanted) {
        blanks();
        if (peek() != wanted) {
            throw wrong("'" + wanted + "'");
        }
        at++;
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong("more");
        }
        return text.charAt(at);
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private AssertionError wrong(String expected) {
        return new AssertionError("Expected " + expected + " at " + at + " of:\n" + text);
    }
}
