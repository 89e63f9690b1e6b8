package io.tractfs.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * Configuration files in Hadoop's form:
 *
 * <pre>{@code
 * <configuration>
 *   <property>
 *     <name>tract.store.dirs</name>
 *     <value>/data/1,/data/2</value>
 *   </property>
 * </configuration>
 * }</pre>
 *
 * A document type, which could name other files, is refused; so is a key that is set twice. Elements of a property
 * other than name and value, such as {@code description}, are passed over. There is no substitution of variables.
 * Immutable.
 */
public final class ConfigFile {
    private static final String NO_DOCTYPE = "http://apache.org/xml/features/disallow-doctype-decl";
    /** Far above any real file; bounds what a wrong path can cost. */
    private static final long MAX_BYTES = 4L << 20;

    private ConfigFile() {}

    /**
     * Reads a file.
     *
     * @throws ConfigException if it cannot be read, is not of the form above, or sets a key twice
     */
    public static Settings read(Path file) throws ConfigException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw problem(file, "is larger than " + MAX_BYTES + " bytes");
            }
            try (InputStream in = Files.newInputStream(file)) {
                return settings(file, parser().parse(in).getDocumentElement());
            }
        } catch (SAXParseException e) {
            throw problem(file, "line " + e.getLineNumber() + ": " + e.getMessage());
        } catch (IOException | SAXException e) {
            throw problem(file, "cannot be read: " + e);
        }
    }

    /**
     * Writes a file, atomically for readers and for writers in other processes, sorted by key. Not synced: it can be written again.
     *
     * @throws IOException if the file system refuses
     */
    public static void write(Path file, Settings settings) throws IOException {
        long process = ProcessHandle.current().pid();
        Path temporary = file.resolveSibling(file.getFileName() + "." + process + ".new");
        Files.writeString(temporary, text(settings), StandardCharsets.UTF_8);
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static DocumentBuilder parser() throws SAXException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        try {
            factory.setFeature(NO_DOCTYPE, true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new Strict());
            return builder;
        } catch (ParserConfigurationException e) {
            throw new SAXException("the JDK's XML parser lacks a feature", e);
        }
    }

    private static Settings settings(Path file, Element root) throws ConfigException {
        if (!root.getTagName().equals("configuration")) {
            throw problem(file, "begins with <" + root.getTagName() + ">, expected <configuration>");
        }
        Map<String, String> values = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (Element property : children(root)) {
            if (property.getTagName().equals("property")) {
                add(file, property, values, problems);
            } else {
                problems.add(file + ": <" + property.getTagName() + "> within <configuration>, expected <property>");
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new Settings(values);
    }

    private static void add(Path file, Element property, Map<String, String> values, List<String> problems) {
        Map<String, String> parts = new TreeMap<>();
        for (Element part : children(property)) {
            parts.put(part.getTagName(), part.getTextContent().trim());
        }
        String name = parts.getOrDefault("name", "");
        String value = parts.get("value");
        if (name.isEmpty() || value == null) {
            problems.add(file + ": a <property> needs a <name> and a <value>, this one has " + parts);
        } else if (values.put(name, value) != null) {
            problems.add(file + ": " + name + " is set twice");
        }
    }

    private static List<Element> children(Element parent) {
        List<Element> elements = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                elements.add(element);
            }
        }
        return elements;
    }

    private static String text(Settings settings) throws IOException {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("configuration");
            for (Map.Entry<String, String> entry : new TreeMap<>(settings.values()).entrySet()) {
                writeProperty(xml, entry.getKey(), entry.getValue());
            }
            xml.writeCharacters("\n");
            xml.writeEndElement();
            xml.writeCharacters("\n");
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException("cannot write settings as XML", e);
        }
        return text.toString();
    }

    private static void writeProperty(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("property");
        writeElement(xml, "name", name);
        writeElement(xml, "value", value);
        xml.writeCharacters("\n  ");
        xml.writeEndElement();
    }

    private static void writeElement(XMLStreamWriter xml, String tag, String text) throws XMLStreamException {
        xml.writeCharacters("\n    ");
        xml.writeStartElement(tag);
        xml.writeCharacters(text);
        xml.writeEndElement();
    }

    private static ConfigException problem(Path file, String what) {
        return new ConfigException(List.of(file + ": " + what));
    }

    /** Turns every problem of the parser into an exception and prints nothing. Immutable. */
    private static final class Strict implements ErrorHandler {
        @Override
        public void warning(SAXParseException problem) throws SAXException {
            throw problem;
        }

        @Override
        public void error(SAXParseException problem) throws SAXException {
            throw problem;
        }

        @Override
        public void fatalError(SAXParseException problem) throws SAXException {
            throw problem;
        }
    }
}
