package io.tractfs.metadata.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.metadata.permission.Attributes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class AuditEventTest {
    private static InetAddress address() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, 7});
    }

    @Test
    void isTheLineOfHdfs() throws UnknownHostException {
        Attributes subject = new Attributes(01750, "alice", "users", 1, 2);
        assertThat(new AuditEvent(true, "alice", "alice", address(), "mkdirs", "/tmp/d", null, subject).line())
                .isEqualTo("allowed=true\tugi=alice (auth:SIMPLE)\tip=/10.0.0.7\tcmd=mkdirs\tsrc=/tmp/d\tdst=null"
                        + "\tperm=alice:users:rwxr-x--T\tproto=rpc");
    }

    @Test
    void namesTheRealUserOfAProxiedCall() throws UnknownHostException {
        assertThat(new AuditEvent(false, "alice", "oozie", address(), "rename", "/a", "/b", null).line())
                .isEqualTo("allowed=false\tugi=alice (auth:PROXY) via oozie (auth:SIMPLE)\tip=/10.0.0.7\tcmd=rename"
                        + "\tsrc=/a\tdst=/b\tperm=null\tproto=rpc");
    }

    @Test
    void escapesWhatCouldForgeALine() {
        assertThat(AuditEvent.escaped("/a\n\tallowed=true\r\"\\\u0001\u00e4"))
                .isEqualTo("/a\\n\\tallowed=true\\r\\\"\\\\\\u0001\\u00E4");
    }
}
