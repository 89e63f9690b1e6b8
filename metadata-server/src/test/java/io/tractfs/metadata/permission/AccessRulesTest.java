package io.tractfs.metadata.permission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class AccessRulesTest {
    private static final Requester OWNER = new Requester("owner", Set.of("group"), false);
    private static final Requester MEMBER = new Requester("member", Set.of("group"), false);
    private static final Requester OTHER = new Requester("other", Set.of("else"), false);
    private static final Requester SUPER = new Requester("super", Set.of(), true);

    private static Attributes mode(int bits) {
        return new Attributes(bits, "owner", "group", 0, 0);
    }

    @Test
    void takesTheFirstClassThatFitsAndNoOther() {
        assertThat(AccessRules.allows(OWNER, mode(0077), Access.READ)).isFalse();
        assertThat(AccessRules.allows(MEMBER, mode(0707), Access.READ)).isFalse();
        assertThat(AccessRules.allows(OTHER, mode(0770), Access.READ)).isFalse();
        assertThat(AccessRules.allows(OWNER, mode(0700), Access.ALL)).isTrue();
        assertThat(AccessRules.allows(MEMBER, mode(0050), Access.READ_EXECUTE)).isTrue();
        assertThat(AccessRules.allows(OTHER, mode(0002), Access.WRITE)).isTrue();
        assertThat(AccessRules.allows(SUPER, mode(0), Access.ALL)).isTrue();
    }

    @Test
    void asksForAllRightsOfACombination() {
        assertThat(AccessRules.allows(OTHER, mode(0004), Access.READ_EXECUTE)).isFalse();
        assertThat(AccessRules.allows(OTHER, mode(0), Access.NONE)).isTrue();
    }

    @Test
    void letsOnlyOwnersTakeFromAStickyDirectory() {
        Attributes sticky = new Attributes(01777, "root", "root", 0, 0);
        assertThat(AccessRules.allowsRemoval(OTHER, sticky, mode(0777))).isFalse();
        assertThat(AccessRules.allowsRemoval(OWNER, sticky, mode(0))).isTrue();
        assertThat(AccessRules.allowsRemoval(SUPER, sticky, mode(0))).isTrue();
        assertThat(AccessRules.allowsRemoval(OWNER, mode(01777), new Attributes(0, "x", "x", 0, 0)))
                .isTrue();
        assertThat(AccessRules.allowsRemoval(OTHER, mode(0777), mode(0))).isTrue();
    }

    @Test
    void saysNoAsHdfsDoes() {
        assertThat(AccessRules.denial(OTHER, Access.READ_EXECUTE, "/d", mode(01750), true))
                .isEqualTo("Permission denied: user=other, access=READ_EXECUTE, inode=\"/d\":owner:group:drwxr-x--T");
    }
}
