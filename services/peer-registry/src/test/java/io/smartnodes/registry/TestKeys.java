package io.smartnodes.registry;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.link.tls.EndorsementRule;
import org.eclipse.microprofile.config.ConfigProvider;

/** The same identities as in {@link TestNode}, which lives in another class loader. */
final class TestKeys {
  static final NodeKey KEY = NodeKey.of(Bytes32.ofNumber(7));
  static final NodeKey OTHER = NodeKey.of(Bytes32.ofNumber(8));
  static final Address OPERATOR = NodeKey.of(Bytes32.ofNumber(70)).address();
  static final Address OTHER_OPERATOR = NodeKey.of(Bytes32.ofNumber(80)).address();
  static final EndorsementRule RULE =
      EndorsementRule.of(31337, Address.fromHex("0x00000000000000000000000000000000000000c0"));

  private TestKeys() {}

  static int otherPort() {
    return ConfigProvider.getConfig().getValue("test.other-port", Integer.class);
  }
}
