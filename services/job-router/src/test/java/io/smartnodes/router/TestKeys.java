package io.smartnodes.router;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.link.tls.EndorsementRule;

/** The same identities as in {@link TestNode}, which lives in another class loader. */
final class TestKeys {
  static final NodeKey KEY = NodeKey.of(Bytes32.ofNumber(7));
  static final Address OPERATOR = NodeKey.of(Bytes32.ofNumber(70)).address();
  static final NodeKey USER = NodeKey.of(Bytes32.ofNumber(1001));
  static final NodeKey USER_NODE = NodeKey.of(Bytes32.ofNumber(1002));
  static final NodeKey CHEAT = NodeKey.of(Bytes32.ofNumber(2001));
  static final NodeKey HONEST = NodeKey.of(Bytes32.ofNumber(2002));
  static final EndorsementRule RULE =
      EndorsementRule.of(31337, Address.fromHex("0x00000000000000000000000000000000000000c0"));

  private TestKeys() {}
}
