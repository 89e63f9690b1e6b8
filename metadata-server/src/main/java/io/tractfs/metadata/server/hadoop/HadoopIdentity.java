package io.tractfs.metadata.server.hadoop;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.server.GroupLookup;
import io.tractfs.metadata.server.ProxyPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.Groups;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.authorize.AuthorizationException;
import org.apache.hadoop.security.authorize.ProxyUsers;

/**
 * Groups and proxy users as Hadoop's servers find them: from {@code core-site.xml} on the class path, with this server's
 * own {@code hadoop.*} settings over it. Hadoop caches the groups. Thread-safe.
 */
public final class HadoopIdentity implements GroupLookup, ProxyPolicy {
    private final Groups groups;

    /** Reads the configuration; does no lookup. */
    public HadoopIdentity(Map<String, String> settings) {
        Configuration configuration = new Configuration();
        settings.forEach((name, value) -> {
            if (name.startsWith("hadoop.")) {
                configuration.set(name, value);
            }
        });
        UserGroupInformation.setConfiguration(configuration);
        groups = new Groups(configuration);
        ProxyUsers.refreshSuperUserGroupsConfiguration(configuration);
    }

    @Override
    public Set<String> groupsOf(String user) throws IOException {
        try {
            return groups.getGroupsSet(user);
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).startsWith("No groups found")) {
                return Set.of();
            }
            throw e;
        }
    }

    @Override
    public void authorize(String realUser, String effectiveUser, InetAddress remote) throws TractException {
        UserGroupInformation real = UserGroupInformation.createRemoteUser(realUser);
        try {
            ProxyUsers.authorize(UserGroupInformation.createProxyUser(effectiveUser, real), remote);
        } catch (AuthorizationException e) {
            throw new TractException(ErrorCode.AUTHENTICATION_FAILED, String.valueOf(e.getMessage()), e);
        }
    }
}
