package io.tractfs.metadata.audit;

import io.tractfs.metadata.permission.Attributes;
import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit log. Immutable.
 *
 * @param allowed whether the right to do it was there
 * @param user effective user
 * @param realUser user who connected; another one if he acts for the effective user
 * @param address where the call came from
 * @param command name of the operation, as HDFS has it
 * @param source path, or paths in brackets
 * @param destination path; null if there is none
 * @param subject what was changed, as it is now; null where HDFS does not say
 */
public record AuditEvent(
        boolean allowed,
        String user,
        String realUser,
        @Nullable InetAddress address,
        String command,
        String source,
        @Nullable String destination,
        @Nullable Attributes subject) {
    /** The line in HDFS's form: tab-separated, in HDFS's order, texts escaped as in a Java string. */
    public String line() {
        return "allowed=" + allowed
                + "\tugi=" + ugi()
                + "\tip=" + (address == null ? "null" : "/" + address.getHostAddress())
                + "\tcmd=" + command
                + "\tsrc=" + escaped(source)
                + "\tdst=" + (destination == null ? "null" : escaped(destination))
                + "\tperm=" + (subject == null ? "null" : permission(subject))
                + "\tproto=rpc";
    }

    private String ugi() {
        return user.equals(realUser)
                ? escaped(user) + " (auth:SIMPLE)"
                : escaped(user) + " (auth:PROXY) via " + escaped(realUser) + " (auth:SIMPLE)";
    }

    private static String permission(Attributes subject) {
        return escaped(subject.owner()) + ":" + escaped(subject.group()) + ":" + subject.symbols();
    }

    /** No control character and nothing outside ASCII stays, so nobody forges a line by the name of a file. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> escaped.append('\\').append(c);
                case '\b' -> escaped.append("\\b");
                case '\n' -> escaped.append("\\n");
                case '\t' -> escaped.append("\\t");
                case '\f' -> escaped.append("\\f");
                case '\r' -> escaped.append("\\r");
                default -> {
                    if (c < ' ' || c > '~' + 1) {
                        escaped.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.toString();
    }
}
